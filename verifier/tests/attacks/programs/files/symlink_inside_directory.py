# Leaves links in a directory that is brought back; only the file beside them counts.
# expect: exit=0 files=file
# args: {canary}
# collect: directory
import os
import sys

os.mkdir("directory")
open("directory/file", "w").write("x")
os.symlink(sys.argv[1], "directory/link")
os.symlink("file", "directory/own")
os.symlink("..", "directory/up")
os.symlink("loop", "directory/loop")
