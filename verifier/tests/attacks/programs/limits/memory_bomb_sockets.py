# Hides open files in messages that nobody receives, to have more of them than it may.
# expect: exit=0 limit=none stdout=bounded
import array
import socket

sent = 0
try:
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    left.setblocking(False)
    while sent < 100_000:
        file = open("/dev/null")
        left.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [file.fileno()]))])
        file.close()
        sent += 1
except OSError:
    pass
print("bounded" if sent < 2000 else sent)
