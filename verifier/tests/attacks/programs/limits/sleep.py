# Waits for nothing.
# expect: limit=wall
# limits: wall=0.4
import time

time.sleep(60)
