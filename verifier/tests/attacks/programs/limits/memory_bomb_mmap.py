# Takes private memory by mapping it, page by page.
# expect: limit=memory
# limits: memory=96M
import mmap

kept = []
while True:
    mapped = mmap.mmap(-1, 4 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for page in range(0, 4 << 20, 4096):
        mapped[page] = 1
    kept.append(mapped)
