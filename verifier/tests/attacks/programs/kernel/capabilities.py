# Takes every right that it can, and counts what it has.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
rights = (ctypes.c_uint32 * 6)()
got = []
libc.capget(header, rights)
if any(rights):
    got.append(list(rights))
if libc.capset(header, (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)) == 0:
    got.append("capset")
PR_CAPBSET_READ, PR_CAP_AMBIENT, PR_SET_SECUREBITS, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP = 23, 47, 28, 39, 21
got += [("bounding", c) for c in range(64) if libc.prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1]
got += [("ambient", c) for c in range(64) if libc.prctl(PR_CAP_AMBIENT, 2, c, 0, 0) == 0]
if libc.prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) == 0:
    got.append("securebits")
if libc.prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1:
    got.append("new privileges")
if libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2:
    got.append("no filter")
for name in ("setuid", "setgid", "seteuid", "setfsuid", "setfsgid"):
    if name.startswith("setfs"):
        getattr(libc, name)(0)
        if getattr(libc, name)(-1) == 0:
            got.append(name)
    elif os.getuid() != 0 and getattr(libc, name)(0) == 0:
        got.append(name)
if os.getuid() == 0:
    got.append("root")
try:
    os.setgroups([0])
    got.append("setgroups")
except OSError:
    pass
print(got or "denied")
