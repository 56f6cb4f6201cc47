# Takes memory as files that have no name.
# expect: exit=0 stdout=denied or limit=memory or limit=scratch or limit=file_size
# limits: memory=96M scratch=32M
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
kept = []
while True:
    file = libc.syscall({"x86_64": 319, "aarch64": 279}[os.uname().machine], b"x", 0)
    if file < 0:
        print("denied")
        break
    for _ in range(8):
        os.write(file, bytes(1 << 20))
    kept.append(file)
