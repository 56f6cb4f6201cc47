# Mounts: a tmpfs, /proc, a bind, the root writable again; and takes mounts away.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("here")
BIND, REMOUNT, REC = 4096, 32, 16384
got = []
for name, source, target, kind, flags in (
    ("tmpfs", b"x", b"here", b"tmpfs", 0),
    ("proc", b"x", b"here", b"proc", 0),
    ("sysfs", b"x", b"here", b"sysfs", 0),
    ("overlay", b"x", b"here", b"overlay", 0),
    ("bind", b"/usr", b"here", None, BIND | REC),
    ("writable root", None, b"/", None, REMOUNT | BIND),
    ("writable usr", None, b"/usr", None, REMOUNT | BIND),
    ("executable scratch", None, b"/tmp", None, REMOUNT),
):
    if libc.mount(source, target, kind, flags, None) == 0:
        got.append(name)
for target in (b"/usr", b"/tmp", b"/program", b"/dev/null", b"/"):
    if libc.umount2(target, 2) == 0:
        got.append(target)
print(got or "denied")
