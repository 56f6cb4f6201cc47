# A process that goes on swaps a directory with a link to the host's while it is brought back.
# expect: exit=0 files=none or exit=0 files=own
# args: {canary}
# collect: directory
import ctypes
import os
import sys

libc = ctypes.CDLL(None)
os.mkdir("directory")
open("directory/own", "w").write("own")
os.symlink(os.path.dirname(sys.argv[1]), "link")
EXCHANGE = 2
if os.fork() == 0:
    os.setsid()
    while True:
        libc.renameat2(-100, b"directory", -100, b"link", EXCHANGE)
