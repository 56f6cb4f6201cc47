# A gigabyte on standard error.
# expect: limit=output stderr_bytes=262144
# limits: output=256K
import os

for _ in range(1024):
    os.write(2, b"x" * (1 << 20))
