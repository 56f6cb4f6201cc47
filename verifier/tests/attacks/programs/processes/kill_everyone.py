# Kills everyone that it can reach; nobody is there.
# expect: exit=0 limit=none stdout=alive
import os
import signal

for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
    try:
        os.kill(-1, number)
    except OSError:
        pass
print("alive")
