# Children end at once, and nobody takes notice.
# expect: limit=processes
# limits: processes=16
import os

while True:
    if os.fork() == 0:
        os._exit(0)
