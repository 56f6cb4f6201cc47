# Loads a program into the kernel through a socket.
# expect: exit=0 limit=none stdout=denied
import ctypes
import socket
import struct

left, right = socket.socketpair()
code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0xFFFF))
program = struct.pack("HxxxxxxP", 1, ctypes.addressof(code))
ATTACH_FILTER, ATTACH_BPF, REUSE_CBPF, REUSE_EBPF = 26, 50, 51, 52
got = []
for option, value in (
    (ATTACH_FILTER, program),
    (REUSE_CBPF, program),
    (ATTACH_BPF, struct.pack("i", 0)),
    (REUSE_EBPF, struct.pack("i", 0)),
):
    try:
        left.setsockopt(socket.SOL_SOCKET, option, value)
        got.append(option)
    except OSError as error:
        if error.errno not in (1, 13, 38):
            got.append((option, error.errno))
print(got or "denied")
