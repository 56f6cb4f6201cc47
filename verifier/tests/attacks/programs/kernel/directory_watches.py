# Asks to be told what others do in directories of the host, and to be asked before they write.
# expect: exit=0 limit=none stdout=denied
import fcntl
import os

F_SETLEASE, F_NOTIFY = 1024, 1026
got = []
for path in ("/", "/usr", "/usr/bin", "/usr/lib", "/lehr", "/program", "/dev"):
    directory = os.open(path, os.O_RDONLY)
    try:
        fcntl.fcntl(directory, F_NOTIFY, 0x80000001)
        got.append(path)
    except OSError:
        pass
for name in ("/usr/bin/env", "/lehr/lehr_calls.py", "/program/main.py"):
    with open(name, "rb") as file:
        try:
            fcntl.fcntl(file, F_SETLEASE, fcntl.F_RDLCK)
            got.append(name)
        except OSError:
            pass
print(got or "denied")
