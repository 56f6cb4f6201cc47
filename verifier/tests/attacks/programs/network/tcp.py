# Connects to a listener of the host, and to the world.
# expect: exit=0 limit=none stdout=denied
# args: {tcp}
import socket
import sys

got = []
for address in (("127.0.0.1", int(sys.argv[1])), ("localhost", int(sys.argv[1])), ("1.1.1.1", 53), ("::1", int(sys.argv[1]))):
    try:
        socket.create_connection(address, timeout=1)
        got.append(address)
    except OSError:
        pass
print(got or "denied")
