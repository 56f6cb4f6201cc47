# Takes locks on a file without end, each of which the kernel keeps.
# expect: exit=0 limit=none stdout=done or limit=cpu
# limits: cpu=1
import fcntl

with open("locked", "wb") as file:
    for place in range(20_000):
        fcntl.lockf(file, fcntl.LOCK_EX, 1, place * 2)
print("done")
