# Makes a process that is not its child but its parent's, which ends well; it ends badly itself.
# expect: exit=3 limit=none
import ctypes
import os
import time

libc = ctypes.CDLL(None, use_errno=True)
CLONE_PARENT, SIGCHLD = 0x8000, 17
number = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
if libc.syscall(number, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0:
    os._exit(0)
time.sleep(0.2)
os._exit(3)
