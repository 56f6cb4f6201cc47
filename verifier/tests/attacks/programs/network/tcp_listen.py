# Listens for others.
# expect: exit=0 limit=none stdout=denied
import socket

got = []
for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind((address, 0))
        listener.listen()
        got.append(address)
    except OSError:
        pass
print(got or "denied")
