# Compares what two processes have open, which tells where the kernel keeps it.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 312, "aarch64": 272}[os.uname().machine]
result = libc.syscall(number, os.getpid(), os.getpid(), 0, 0, 1)
print("denied" if result == -1 and ctypes.get_errno() in (1, 38) else result)
