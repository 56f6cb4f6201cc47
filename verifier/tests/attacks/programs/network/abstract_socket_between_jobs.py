# Two jobs that run at the same time look for each other by a name in no file system.
# expect: exit=0 limit=none stdout=alone
# at_once: 2
import socket
import time

NAME = "\0lehr-attack-jobs"
said = "alone"
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
try:
    listener.bind(NAME)
except PermissionError:
    pass
except OSError:
    said = "met"
time.sleep(0.3)
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
if said == "met":
    try:
        sender.connect(NAME)
        said = "spoke"
    except OSError:
        pass
print(said)
