# Starts threads until there can be no more.
# expect: limit=processes
# limits: processes=16
import threading
import time

while True:
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
