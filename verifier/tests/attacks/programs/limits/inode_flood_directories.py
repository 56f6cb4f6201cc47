# Makes directories in directories without end.
# expect: limit=inodes
# limits: inodes=256
import os

while True:
    os.mkdir("d")
    os.chdir("d")
