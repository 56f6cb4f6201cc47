# Runs a program that it wrote into the scratch.
# expect: exit=0 limit=none stdout=denied
import os
import shutil

for directory in ("/tmp", "/dev/shm"):
    path = os.path.join(directory, "echo")
    shutil.copyfile("/bin/echo", path)
    os.chmod(path, 0o755)
    try:
        os.execv(path, ["echo", "ran"])
    except OSError:
        pass
print("denied")
