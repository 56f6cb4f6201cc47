# Asks to be served before everyone, and takes every processor.
# expect: exit=0 limit=none stdout=denied
import os

got = []
try:
    os.nice(-5)
    got.append("nice")
except OSError:
    pass
for policy in (os.SCHED_FIFO, os.SCHED_RR):
    try:
        os.sched_setscheduler(0, policy, os.sched_param(1))
        got.append("real time")
    except OSError:
        pass
print(got or "denied")
