# Children of children end where nobody waits but the first process.
# expect: exit=0 limit=none stdout=done
# limits: processes=16 cpu=4 wall=20
import os

for _ in range(200):
    child = os.fork()
    if child == 0:
        if os.fork() == 0:
            os._exit(0)
        os._exit(0)
    os.waitpid(child, 0)
print("done")
