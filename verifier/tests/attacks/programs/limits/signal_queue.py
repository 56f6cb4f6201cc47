# Queues signals to itself that it never takes.
# expect: exit=0 limit=none stdout=bounded
import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 65))
sent = 0
while sent < 100_000 and libc.sigqueue(os.getpid(), 40, None) == 0:
    sent += 1
print("bounded" if sent < 100_000 else "without a bound")
