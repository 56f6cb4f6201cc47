# Opens sockets below and beside the internet: raw, packet, netlink, vsock, bluetooth, crypto, xdp, can.
# expect: exit=0 limit=none stdout=denied
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
got = []
for family in range(2, 47):
    for kind in (1, 2, 3, 5):
        for protocol in (0, 1, 6, 17, 255, 0x0300):
            file = libc.socket(family, kind, protocol)
            if file >= 0:
                got.append((family, kind, protocol))
                os.close(file)
print(got or "denied")
