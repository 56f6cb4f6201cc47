# The newer call for new processes, whose flags no filter can read: it must not be there at all.
# expect: exit=0 limit=none stdout=absent
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17)
child = libc.syscall(435, arguments, 88)
if child == 0:
    os._exit(0)
# Only this answer makes the C library fall back to the older call.
print("absent" if child == -1 and ctypes.get_errno() == 38 else (child, ctypes.get_errno()))
