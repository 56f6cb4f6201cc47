# Starts processes until the kernel says no, and ends by what it said.
# expect: limit=processes
# limits: processes=16
import os
import time

while True:
    if os.fork() == 0:
        time.sleep(30)
