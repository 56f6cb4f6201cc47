# Three jobs at the same time each take nearly all processes that one may have.
# expect: exit=0 limit=none stdout=done
# at_once: 3
# limits: processes=16 wall=20
import os
import time

children = []
for _ in range(12):
    child = os.fork()
    if child == 0:
        time.sleep(0.3)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
print("done")
