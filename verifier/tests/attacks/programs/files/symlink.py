# Leaves links in place of the files that are brought back.
# expect: exit=0 files=none
# args: {canary}
# collect: file other relative
import os
import sys

os.symlink(sys.argv[1], "file")
os.symlink("/etc/passwd", "other")
os.symlink("../" * 16 + "etc/hostname", "relative")
