# Jobs that run at the same time look for each other in the scratch and among the processes.
# expect: exit=0 limit=none stdout=alone
# at_once: 3
import os
import time

path = "/tmp/lehr-attack-%s"
found = os.listdir("/tmp")
open(path % os.getpid(), "w").write("x")
time.sleep(0.3)
if len(os.listdir("/tmp")) != 1:
    found += os.listdir("/tmp")
for number in range(2, 400):
    if number not in (os.getpid(), os.getppid()):
        try:
            os.kill(number, 0)
            found.append(number)
        except OSError:
            pass
print(found or "alone")
