# Children spend the time, one after the other, and nobody waits for them.
# expect: limit=cpu
# limits: cpu=0.5 wall=20
import os
import signal
import time

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
while True:
    if os.fork() == 0:
        while time.process_time() < 0.15:
            pass
        os._exit(0)
    try:
        os.wait()
    except ChildProcessError:
        pass
