# Makes names of one file without end.
# expect: limit=inodes or limit=scratch
# limits: inodes=256 scratch=1M
import os

open("one", "w").close()
number = 0
while True:
    os.link("one", "lehr-attack-%d" % number)
    number += 1
