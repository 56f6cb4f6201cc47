# A thousand names of one file of a megabyte: a gigabyte to bring back.
# expect: exit=0 collected_at_most=8388608
# limits: scratch=8M file_size=4M inodes=2000
# collect: directory
import os

os.mkdir("directory")
open("directory/0", "wb").write(bytes(1 << 20))
for number in range(1, 1000):
    os.link("directory/0", "directory/%d" % number)
