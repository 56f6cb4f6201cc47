# Signals its parent by the other calls that can: by thread, by queue, by process file.
# expect: exit=0 limit=none stdout=alive
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
tkill, queue = {"x86_64": (200, 129), "aarch64": (130, 138)}[os.uname().machine]
info = (ctypes.c_char * 128)()
for parent in {os.getppid(), 1} - {0, os.getpid()}:
    for number in (9, 15, 19):
        libc.syscall(tkill, parent, number)
        libc.syscall(queue, parent, number, info)
        file = libc.syscall(434, parent, 0)
        libc.syscall(424, file, number, None, 0)
print("alive")
