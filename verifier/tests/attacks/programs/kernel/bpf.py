# Loads programs into the kernel, and makes maps there.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 321, "aarch64": 280}[os.uname().machine]
attributes = (ctypes.c_uint32 * 32)(1, 4, 4, 1)
got = [c for c in range(8) if libc.syscall(number, c, attributes, 128) != -1 or ctypes.get_errno() not in (1, 38)]
print(got or "denied")
