# Three jobs at the same time each take most of the memory that one may have.
# expect: exit=0 limit=none stdout=done
# at_once: 3
# limits: memory=96M wall=20
import time

kept = bytearray(48 << 20)
time.sleep(0.3)
print("done")
