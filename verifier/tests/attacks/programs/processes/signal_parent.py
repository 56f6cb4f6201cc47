# Sends every signal to its parent, which holds the end.
# expect: exit=0 limit=none stdout=alive
import os

for number in range(1, 65):
    for parent in {os.getppid(), 1} - {0, os.getpid()}:
        try:
            os.kill(parent, number)
        except OSError:
            pass
print("alive")
