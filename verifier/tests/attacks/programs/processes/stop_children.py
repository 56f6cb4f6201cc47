# Stops its children, then waits for them.
# expect: limit=wall
# limits: wall=0.5
import os
import signal

children = [os.fork() for _ in range(2)]
if 0 in children:
    signal.pause()
for child in children:
    os.kill(child, signal.SIGSTOP)
os.wait()
