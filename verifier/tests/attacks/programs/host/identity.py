# Is it somebody in particular? The names, the machine and the paths of the host are not its.
# expect: exit=0 limit=none stdout=denied
# args: {home}
import os
import socket
import sys

got = []
if os.uname().nodename != "sandbox" or socket.gethostname() != "sandbox":
    got.append(os.uname().nodename)
if os.path.expanduser("~") == sys.argv[1] and sys.argv[1] != "/tmp":
    got.append("home")
if any(name.startswith(("cargo", "target", "work", "home")) for name in os.listdir("/")):
    # The interpreter may lie in a home.
    if not sys.base_prefix.startswith("/home"):
        got.append(os.listdir("/"))
print(got or "denied")
