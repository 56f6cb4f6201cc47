# Many processes share the work of doing nothing.
# expect: limit=cpu
# limits: cpu=0.5 wall=20
import os

for _ in range(3):
    os.fork()
while True:
    pass
