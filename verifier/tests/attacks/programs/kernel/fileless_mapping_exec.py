# Maps a file of the scratch as code.
# expect: exit=0 limit=none stdout=denied
import mmap

with open("code", "wb+") as file:
    file.write(bytes(4096))
    file.flush()
    try:
        mmap.mmap(file.fileno(), 4096, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC)
        print("mapped")
    except OSError:
        print("denied")
