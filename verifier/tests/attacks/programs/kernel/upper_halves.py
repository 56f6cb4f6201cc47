# Hides forbidden flags in the half of an argument that a filter may not look at.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.argtypes = [ctypes.c_long] * 6
socket, clone = {"x86_64": (41, 56), "aarch64": (198, 220)}[os.uname().machine]
UPPER = 1 << 32
got = []
for family in (2, 10, 16):
    for word in (family, family | UPPER, family - UPPER):
        file = libc.syscall(socket, word, 2, 0, 0, 0)
        if file >= 0:
            got.append(("socket", word))
child = libc.syscall(clone, 0x10000000 | UPPER | 17, 0, 0, 0, 0)
if child == 0:
    os._exit(0)
if child > 0:
    got.append("clone")
print(got or "denied")
