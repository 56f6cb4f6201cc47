# Opens counters of the processor.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 298, "aarch64": 241}[os.uname().machine]
attributes = (ctypes.c_uint32 * 32)(1, 128)
result = libc.syscall(number, attributes, 0, -1, -1, 0)
print("denied" if result == -1 and ctypes.get_errno() in (1, 38) else (result, ctypes.get_errno()))
