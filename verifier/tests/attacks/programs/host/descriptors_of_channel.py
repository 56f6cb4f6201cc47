# Looks for files that were left open to it beside its channel.
# expect: exit=0 limit=none stdout=denied
# channel: yes
import os

got = []
for number in range(4, 1024):
    try:
        got.append((number, os.fstat(number)))
    except OSError:
        pass
print(got or "denied")
