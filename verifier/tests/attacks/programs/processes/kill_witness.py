# Kills processes of the host by the numbers that they have there.
# expect: exit=0 limit=none stdout=denied
# args: {witness} {self}
import os
import sys

reached = []
for number in map(int, sys.argv[1:]):
    for target in (number, -number):
        for signal in (0, 15, 9):
            try:
                os.kill(target, signal)
                reached.append(target)
            except OSError:
                pass
print(reached or "denied")
