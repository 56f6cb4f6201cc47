# Sets filters of its own that answer for the kernel, and asks to supervise them.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 317, "aarch64": 277}[os.uname().machine]


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


allow = (ctypes.c_uint64 * 1)(0x7FFF000000000006)
program = Program(1, ctypes.cast(allow, ctypes.c_void_p))
got = []
LISTENER = 8
for flags in (0, 1, LISTENER):
    if libc.syscall(number, 1, flags, ctypes.byref(program)) != -1:
        got.append(flags)
print(got or "denied")
