# Keeps and asks for keys, which no namespace parts.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
add, request, control = {"x86_64": (248, 249, 250), "aarch64": (217, 218, 219)}[os.uname().machine]
got = []
for keyring in (-1, -2, -3, -4, -5):
    if libc.syscall(add, b"user", b"lehr-attack", b"x", 1, keyring) != -1:
        got.append("add")
    if libc.syscall(control, 0, keyring, 1) != -1:
        got.append("control")
if libc.syscall(request, b"user", b"lehr-attack", None, -4) != -1:
    got.append("request")
if libc.syscall(control, 1, b"lehr-attack") != -1 or ctypes.get_errno() not in (1, 38):
    got.append("join")
print(got or "denied")
