# Exactly a megabyte by a child, whose parent waits for it.
# expect: exit=0 limit=none stdout_bytes=1048576
# limits: output=2M
import os

child = os.fork()
if child == 0:
    for _ in range(16):
        os.write(1, b"x" * (1 << 16))
    os._exit(0)
os.waitpid(child, 0)
