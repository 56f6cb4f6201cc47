# A gigabyte on the channel for results.
# expect: limit=results results_bytes=262144
# limits: results=256K
# channel: yes
import os

for _ in range(1024):
    os.write(3, b"x" * (1 << 20))
