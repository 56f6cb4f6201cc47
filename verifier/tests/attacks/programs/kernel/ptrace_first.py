# Traces the first process, its parent and a child.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
ATTACH, SEIZE = 16, 0x4206
got = []
for request in (ATTACH, SEIZE):
    for process in {1, os.getppid()} - {0, os.getpid()}:
        if libc.ptrace(request, process, None, None) == 0:
            got.append(process)
child = os.fork()
if child == 0:
    time.sleep(60)
if libc.ptrace(ATTACH, child, None, None) == 0:
    got.append("child")
os.kill(child, 9)
print(got or "denied")
