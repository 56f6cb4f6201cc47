# Takes shared memory by mapping it, and lets children that end touch it.
# expect: limit=memory
# limits: memory=96M
import mmap
import os

kept = []
while True:
    mapped = mmap.mmap(-1, 4 << 20)
    kept.append(mapped)
    child = os.fork()
    if child == 0:
        for page in range(0, 4 << 20, 4096):
            mapped[page] = 1
        os._exit(0)
    os.waitpid(child, 0)
