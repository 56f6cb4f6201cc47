# Fills /dev/shm.
# expect: limit=scratch or limit=memory
# limits: scratch=8M file_size=4M
number = 0
while True:
    with open("/dev/shm/lehr-attack-%d" % number, "wb") as file:
        file.write(bytes(1 << 20))
    number += 1
