# Asks for addresses by name, which carries words out.
# expect: exit=0 limit=none stdout=denied
# limits: wall=20
import socket

got = []
for name in ("lehr-attack.example.com", "localhost.localdomain.example.org"):
    try:
        got.append(socket.getaddrinfo(name, 80))
    except OSError:
        pass
print(got or "denied")
