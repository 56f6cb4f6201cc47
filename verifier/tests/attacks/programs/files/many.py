# As many files as there may be, to bring all back.
# expect: exit=0 collected_at_most=8388608
# limits: inodes=1000 scratch=8M
# collect: directory
import os

os.mkdir("directory")
for number in range(900):
    open("directory/%d" % number, "w").write("x" * 100)
