# Connects to the machine that this one may be a guest of.
# expect: exit=0 limit=none stdout=denied
import socket

got = []
for host in (0, 1, 2):
    try:
        guest = socket.socket(40, socket.SOCK_STREAM)
        guest.settimeout(0.5)
        guest.connect((host, 52))
        got.append(host)
    except OSError:
        pass
print(got or "denied")
