# Reads what a host keeps: keys, passwords, tokens, histories, and a file made for this.
# expect: exit=0 limit=none stdout=denied
# args: {canary} {home}
import glob
import os
import sys

canary, home = sys.argv[1:]
got = []
names = (".ssh", ".aws", ".gnupg", ".netrc", ".config", ".bash_history", ".docker", ".kube", ".git-credentials", ".cargo/credentials.toml")
paths = [os.path.join(base, name) for base in (home, "/root", "/home/*") for name in names]
for pattern in [
    canary,
    os.path.dirname(canary),
    *paths,
    "/etc/shadow",
    "/etc/passwd",
    "/etc/ssh",
    "/etc/hostname",
    "/etc/machine-id",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/var",
    "/run",
    "/root",
    "/srv",
    "/mnt",
    "/media",
    "/boot",
    "/.dockerenv",
]:
    for path in glob.glob(pattern):
        # The interpreter may live in a home; of that home nothing else is there.
        if sys.base_prefix.startswith(path + "/") and len(os.listdir(path)) == 1:
            continue
        try:
            got.append((path, os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(9)))
        except OSError:
            got.append((path, "is there"))
print(got or "denied")
