# Makes files without end, all of them empty.
# expect: limit=inodes
# limits: inodes=256
number = 0
while True:
    open("lehr-attack-%d" % number, "w").close()
    number += 1
