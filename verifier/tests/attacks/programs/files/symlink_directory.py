# Leaves a link to a directory of the host in place of a directory.
# expect: exit=0 files=none
# args: {canary}
# collect: directory usr
import os
import sys

os.symlink(os.path.dirname(sys.argv[1]), "directory")
os.symlink("/usr/lib", "usr")
