# Sleeps, and ignores every signal that can be ignored.
# expect: limit=wall
# limits: wall=0.4
import signal
import time

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        time.sleep(60)
    except BaseException:
        pass
