# A gigabyte on both outputs in turn.
# expect: limit=output
# limits: output=256K
import os

for _ in range(1 << 14):
    os.write(1, b"x" * (1 << 15))
    os.write(2, b"x" * (1 << 15))
