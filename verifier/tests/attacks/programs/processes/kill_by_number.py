# Kills every number but its own.
# expect: exit=0 limit=none stdout=alive
import os

for number in range(1, 3000):
    if number != os.getpid():
        try:
            os.kill(number, 9)
        except OSError:
            pass
print("alive")
