# Takes open files out of its parent and the first process.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
PIDFD_OPEN, PIDFD_GETFD = 434, 438
got = []
for process in {1, os.getppid()} - {0}:
    file = libc.syscall(PIDFD_OPEN, process, 0)
    for number in range(16):
        if file >= 0 and libc.syscall(PIDFD_GETFD, file, number, 0) >= 0:
            got.append((process, number))
print(got or "denied")
