# Three jobs at the same time each keep as many signals waiting as they may.
# expect: exit=0 limit=none stdout=done
# at_once: 3
import ctypes
import os
import signal
import time

libc = ctypes.CDLL(None, use_errno=True)
signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 65))
sent = 0
while sent < 100_000 and libc.sigqueue(os.getpid(), 40, None) == 0:
    sent += 1
time.sleep(0.3)
TAKEN = 11
print("none left" if sent == 0 and ctypes.get_errno() == TAKEN else "done")
