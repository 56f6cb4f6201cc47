# Fills the scratch, and goes on as if nothing were; it finds that it got no more.
# expect: exit=0 stdout=bounded
# limits: scratch=8M file_size=4M
import os

for number in range(64):
    try:
        with open("lehr-attack-%d" % number, "wb") as file:
            file.write(bytes(1 << 20))
    except OSError:
        pass
held = sum(entry.stat().st_size for entry in os.scandir("."))
print("bounded" if held <= 8 << 20 else held)
