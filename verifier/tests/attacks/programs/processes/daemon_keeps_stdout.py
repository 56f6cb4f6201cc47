# A double-forked daemon keeps the output open; the program has long ended.
# expect: exit=0 limit=none stdout=done
# limits: wall=8
import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(60)
        os.write(1, b"late")
    os._exit(0)
os.wait()
print("done")
