# Each process stays below the limit; all together are far above it.
# expect: limit=memory
# limits: memory=96M processes=16 wall=20
import os
import time

for _ in range(8):
    if os.fork() == 0:
        kept = b"x" * (48 << 20)
        time.sleep(30)
time.sleep(30)
