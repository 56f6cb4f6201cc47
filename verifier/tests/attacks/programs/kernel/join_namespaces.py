# Enters the namespaces of the first process and of its parent.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
got = []
for process in {1, os.getppid()} - {0}:
    file = libc.syscall(434, process, 0)
    for flag in (0x00020000, 0x10000000, 0x20000000, 0x40000000):
        if libc.setns(file, flag) == 0:
            got.append((process, flag))
    for name in ("mnt", "user", "pid", "net"):
        try:
            file = os.open("/proc/%d/ns/%s" % (process, name), os.O_RDONLY)
        except OSError:
            continue
        if libc.setns(file, 0) == 0:
            got.append((process, name))
print(got or "denied")
