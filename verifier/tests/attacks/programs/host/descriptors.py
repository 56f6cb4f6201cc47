# Looks for files that were left open to it.
# expect: exit=0 limit=none stdout=denied
import os

got = []
for number in range(3, 1024):
    try:
        got.append((number, os.fstat(number)))
    except OSError:
        pass
print(got or "denied")
