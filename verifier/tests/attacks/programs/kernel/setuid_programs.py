# Runs every program of the system that runs as its owner, and asks who it is.
# expect: exit=0 limit=none stdout=denied
import os
import stat
import subprocess

got = []
before = os.getresuid(), os.getresgid()
for directory in ("/usr/bin", "/usr/sbin", "/usr/lib/openssh", "/usr/lib/dbus-1.0"):
    try:
        names = os.listdir(directory)
    except OSError:
        continue
    for name in names:
        path = os.path.join(directory, name)
        try:
            if not os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID):
                continue
        except OSError:
            continue
        for arguments in (["-c", "id -u"], ["root", "-c", "id -u"], ["-n", "id", "-u"]):
            try:
                ended = subprocess.run(
                    [path, *arguments], capture_output=True, timeout=1, stdin=subprocess.DEVNULL
                )
            except (OSError, subprocess.TimeoutExpired):
                continue
            if ended.stdout.strip() == b"0":
                got.append(path)
if (os.getresuid(), os.getresgid()) != before:
    got.append("changed")
# A file of its own that would run as root.
try:
    os.chown("/tmp", 0, 0)
    got.append("chown")
except OSError:
    pass
print(got or "denied")
