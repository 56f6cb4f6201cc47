# Changes to directories that were left open to it.
# expect: exit=0 limit=none stdout=denied
import os

got = []
for number in range(64):
    try:
        os.chdir(number)
        got.append((number, os.listdir(".")))
    except OSError:
        pass
print(got or "denied")
