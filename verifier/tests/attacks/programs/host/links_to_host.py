# Reaches out of its root by links: to files, through open directories, and by ..
# expect: exit=0 limit=none stdout=denied
# args: {canary}
import os
import sys

canary = sys.argv[1]
got = []
os.symlink(canary, "link")
os.symlink("/" + "../" * 32 + canary.lstrip("/"), "climb")
os.symlink(os.path.dirname(canary), "directory")
for path in ("link", "climb", "directory/" + os.path.basename(canary), "../" * 32 + canary.lstrip("/"), "/proc/1/root" + canary, "/proc/self/root/.." + canary, "/proc/1/cwd/.." + canary):
    try:
        got.append(open(path, "rb").read(9))
    except OSError:
        pass
print(got or "denied")
