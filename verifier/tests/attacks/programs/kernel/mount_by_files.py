# Mounts by the newer calls: fsopen, fsconfig, fsmount, move_mount, open_tree, mount_setattr, fspick.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
os.mkdir("here")
AT = -100
REFUSED = (1, 13, 38)
attributes = (ctypes.c_uint64 * 4)(0, 1, 0, 0)
got = []
for name, number, arguments in (
    ("open_tree", 428, (AT, b"/usr", 1 | 0x8000)),
    ("move_mount", 429, (AT, b"/usr", AT, b"here", 0)),
    ("fsopen", 430, (b"tmpfs", 0)),
    ("fsconfig", 431, (0, 6, None, None, 0)),
    ("fsmount", 432, (0, 0, 0)),
    ("fspick", 433, (AT, b"/tmp", 0)),
    ("mount_setattr", 442, (AT, b"/usr", 0, attributes, 32)),
    ("statmount", 457, (None, None, 0, 0)),
    ("listmount", 458, (None, None, 0, 0)),
    ("open_tree_attr", 467, (AT, b"/usr", 1, attributes, 32)),
):
    if libc.syscall(number, *arguments) != -1 or ctypes.get_errno() not in REFUSED:
        got.append((name, ctypes.get_errno()))
print(got or "denied")
