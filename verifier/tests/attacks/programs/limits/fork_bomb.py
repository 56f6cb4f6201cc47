# Every process starts two more, until one cannot.
# expect: limit=processes or limit=cpu or limit=wall
# limits: processes=16 cpu=0.5 wall=8
import os

while True:
    try:
        os.fork()
    except OSError:
        pass
