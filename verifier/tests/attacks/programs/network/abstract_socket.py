# Connects to a listener of the host that has a name in no file system.
# expect: exit=0 limit=none stdout=denied
# args: {abstract}
import socket
import sys

got = []
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
    try:
        sender = socket.socket(socket.AF_UNIX, kind)
        sender.settimeout(1)
        sender.connect("\0" + sys.argv[1])
        sender.send(b"lehr-attack")
        got.append(kind)
    except OSError:
        pass
print(got or "denied")
