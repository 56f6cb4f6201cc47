# A daemon waits for the program's end, to write results after it.
# expect: exit=0 limit=none stdout=done results_bytes=0
# channel: yes
# limits: wall=8
import os
import time

parent = os.getpid()
if os.fork() == 0:
    os.setsid()
    while os.getppid() == parent:
        time.sleep(0.001)
    time.sleep(0.2)
    while True:
        os.write(3, b"forged\n")
print("done")
