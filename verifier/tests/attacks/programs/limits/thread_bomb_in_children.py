# Many processes with many threads each, every one of which counts.
# expect: limit=processes or limit=cpu or limit=wall
# limits: processes=16 cpu=0.5 wall=4
import os
import threading
import time

for _ in range(8):
    try:
        os.fork()
    except OSError:
        break
while True:
    try:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    except RuntimeError:
        pass
