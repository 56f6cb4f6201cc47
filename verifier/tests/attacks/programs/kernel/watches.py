# Watches the file system of all others, and the log of the audit.
# expect: exit=0 limit=none stdout=denied
import ctypes
import socket

libc = ctypes.CDLL(None, use_errno=True)
got = []
if libc.fanotify_init(0, 0) != -1:
    got.append("fanotify")
for protocol in (0, 4, 9, 15):
    try:
        socket.socket(16, socket.SOCK_RAW, protocol)
        got.append(("netlink", protocol))
    except OSError:
        pass
print(got or "denied")
