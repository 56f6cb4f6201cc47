# A gigabyte on standard output.
# expect: limit=output stdout_bytes=262144
# limits: output=256K
import os

for _ in range(1024):
    os.write(1, b"x" * (1 << 20))
