# A daemon with every descriptor, deaf to signals, whose parent ends with an error.
# expect: exit=3 limit=none
# limits: wall=8
# channel: yes
import os
import signal
import time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        for number in range(1, 32):
            try:
                signal.signal(number, signal.SIG_IGN)
            except OSError:
                pass
        if os.fork() == 0:
            while True:
                time.sleep(60)
        os._exit(0)
os._exit(3)
