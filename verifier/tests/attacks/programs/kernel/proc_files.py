# Reads what /proc tells of others: environment, memory, maps, files, roots.
# expect: exit=0 limit=none stdout=denied
import glob
import os

own = {str(os.getpid()), "self", "thread-self"}
got = []
for directory in glob.glob("/proc/[0-9]*"):
    if os.path.basename(directory) in own:
        continue
    for name in ("environ", "mem", "maps", "auxv", "stack", "syscall"):
        try:
            with open(os.path.join(directory, name), "rb") as file:
                if name == "mem" or file.read(1):
                    got.append((directory, name))
        except OSError:
            pass
    for name in ("root", "cwd", "exe"):
        try:
            os.stat(os.path.join(directory, name))
            got.append((directory, name))
        except OSError:
            pass
    try:
        got += [(directory, number) for number in os.listdir(directory + "/fd")]
    except OSError:
        pass
print(got or "denied")
