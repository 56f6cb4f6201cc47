# Sends to the host and to the world without asking.
# expect: exit=0 limit=none stdout=denied
# args: {udp}
import socket
import sys

got = []
for address in (("127.0.0.1", int(sys.argv[1])), ("255.255.255.255", 9), ("8.8.8.8", 53)):
    try:
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sender.sendto(b"lehr-attack", address)
        got.append(address)
    except OSError:
        pass
print(got or "denied")
