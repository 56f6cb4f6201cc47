# Asks for new namespaces by every call that makes them.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os
import signal

libc = ctypes.CDLL(None, use_errno=True)
KINDS = {
    "mount": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "network": 0x40000000,
    "time": 0x00000080,
}
clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
got = []
for kind, flag in KINDS.items():
    for more in (0, KINDS["user"]):
        if libc.unshare(flag | more) == 0:
            got.append("unshare " + kind)
        # The lowest byte of the flags of clone is the signal at the end.
        if kind != "time":
            child = libc.syscall(clone, flag | more | signal.SIGCHLD, 0, 0, 0, 0)
            if child == 0:
                os._exit(0)
            if child > 0:
                os.waitpid(child, 0)
                got.append("clone " + kind)
        arguments = (ctypes.c_uint64 * 11)(flag | more, 0, 0, 0, signal.SIGCHLD)
        child = libc.syscall(435, arguments, 88)
        if child == 0:
            os._exit(0)
        if child > 0:
            os.waitpid(child, 0)
            got.append("clone3 " + kind)
print(got or "denied")
