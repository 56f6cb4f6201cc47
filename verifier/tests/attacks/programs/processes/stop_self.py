# Stops itself, for good.
# expect: limit=wall
# limits: wall=0.4
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
