# Asks for the interfaces of the machine through a socket that it may have, and takes one up.
# expect: exit=0 limit=none stdout=denied
import fcntl
import socket
import struct

GET_FLAGS, GET_ADDRESS, SET_FLAGS = 0x8913, 0x8915, 0x8914
got = []
left, _ = socket.socketpair()


def ask(request, name, flags=0):
    try:
        return fcntl.ioctl(left, request, struct.pack("16sH238x", name, flags))
    except OSError:
        return None


for name in (b"lo", b"eth0", b"docker0"):
    flags = ask(GET_FLAGS, name)
    if flags and struct.unpack_from("H", flags, 16)[0] & 1:
        got.append((name, "is up"))
    if ask(GET_ADDRESS, name):
        got.append((name, "address"))
    if ask(SET_FLAGS, name, 1):
        got.append((name, "taken up"))
print(got or "denied")
