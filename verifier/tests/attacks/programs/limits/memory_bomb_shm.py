# Takes memory as files of /dev/shm that it maps.
# expect: limit=scratch or limit=memory or exit=signal:7
# limits: memory=96M scratch=32M
from multiprocessing import shared_memory

kept = []
while True:
    block = shared_memory.SharedMemory(create=True, size=4 << 20)
    block.buf[:] = bytes(4 << 20)
    kept.append(block)
