# Leaves a process, a listener in no file system, and looks for those of the last job.
# expect: exit=0 limit=none stdout=clean
# runs: 3
import os
import socket
import time

found = []
try:
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect("\0lehr-attack-left")
    found.append("listener")
except OSError:
    pass
reached = []
for number in range(2, 400):
    if number not in (os.getpid(), os.getppid()):
        try:
            os.kill(number, 0)
            reached.append(number)
        except OSError:
            pass
print((found + reached) or "clean", flush=True)
if os.fork() == 0:
    os.setsid()
    try:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind("\0lehr-attack-left")
        listener.listen()
    except OSError:
        pass
    time.sleep(60)
