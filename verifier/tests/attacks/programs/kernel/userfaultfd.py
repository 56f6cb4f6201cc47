# Asks to handle its own page faults, which stops the kernel where it likes.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
got = [flags for flags in (0, 1, os.O_CLOEXEC) if libc.syscall(number, flags) != -1 or ctypes.get_errno() not in (1, 38)]
print(got or "denied")
