# Fills the scratch with files.
# expect: limit=scratch
# limits: scratch=8M file_size=4M
number = 0
while True:
    with open("lehr-attack-%d" % number, "wb") as file:
        file.write(bytes(1 << 20))
    number += 1
