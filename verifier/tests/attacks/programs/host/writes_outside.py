# Writes wherever it may, all over the file system; only the scratch and shared memory are its own.
# expect: exit=0 limit=none stdout=denied
# args: {canary}
# limits: cpu=4 wall=30
import os
import sys

canary = sys.argv[1]
OWN = ("/tmp", "/dev/shm", "/proc", "/dev/mqueue")
got = []


def attempt(path):
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        got.append(path)
    except OSError:
        pass


top = ["/", "/usr", "/usr/bin", "/usr/lib", "/etc", "/dev", "/program", "/bin", "/lib", "/home", "/root", "/var/tmp", "/run", "/opt", "/sys", "/mnt"]
for directory in top + [os.path.dirname(canary), sys.prefix, os.path.dirname(os.__file__)]:
    attempt(os.path.join(directory, "lehr-attack"))
for path in (canary, "/usr/bin/env", "/bin/sh", sys.executable, "/etc/passwd", "/etc/ld.so.cache", "/program/main.py", os.__file__):
    if os.path.exists(path):
        attempt(path)
    for call in (os.unlink, lambda p: os.rename(p, "/tmp/x"), lambda p: os.chmod(p, 0o777), lambda p: os.link(p, "/tmp/y"), lambda p: os.utime(p), lambda p: os.truncate(p, 0), lambda p: os.setxattr(p, "user.x", b"")):
        try:
            call(path)
            got.append((path, "changed"))
        except OSError:
            pass
# Whatever else says that it can be written.
seen = 0
for directory, directories, files in os.walk("/"):
    directories[:] = [d for d in directories if not os.path.join(directory, d).startswith(OWN)]
    seen += 1
    if seen > 400:
        break
    if os.access(directory, os.W_OK):
        got.append((directory, "writable"))
print(got or "denied")
