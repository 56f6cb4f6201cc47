# Leaves its root by chroot and pivot_root.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("here")
got = []
if libc.chroot(b"here") == 0:
    got.append("chroot")
if libc.syscall({"x86_64": 155, "aarch64": 41}[os.uname().machine], b".", b".") == 0:
    got.append("pivot_root")
print(got or "denied")
