# Leaves files for the next job, and looks for those of the last.
# expect: exit=0 limit=none stdout=clean
# runs: 3
import os

found = []
places = ("/tmp", "/dev/shm", "/var/tmp", "/dev/mqueue", "/program", os.path.expanduser("~"), "/")
paths = [os.path.join(place, "lehr-attack-left") for place in places]
found += [path for path in paths if os.path.lexists(path)]
found += os.listdir("/tmp")
for path in paths:
    try:
        open(path, "w").write("left")
    except OSError:
        pass
print(found or "clean")
