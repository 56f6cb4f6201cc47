# Kills every group but its own.
# expect: exit=0 limit=none stdout=alive
import os

for number in range(2, 3000):
    if number != os.getpgrp():
        try:
            os.killpg(number, 9)
        except OSError:
            pass
print("alive")
