# Every child lives too briefly to be seen by who looks now and then.
# expect: limit=cpu
# limits: cpu=0.5 wall=20
import os

while True:
    child = os.fork()
    if child == 0:
        sum(range(20_000))
        os._exit(0)
    os.waitpid(child, 0)
