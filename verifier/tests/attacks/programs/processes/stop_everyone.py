# Stops everyone that it can reach, then goes on.
# expect: exit=0 limit=none stdout=alive
import os
import signal

if os.fork() == 0:
    while True:
        signal.pause()
try:
    os.kill(-1, signal.SIGSTOP)
except OSError:
    pass
print("alive")
