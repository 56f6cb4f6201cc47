# Asks for more than it was given, of everything, for itself and for the first process.
# expect: exit=0 stdout=denied
import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
got = []
names = [name for name in dir(resource) if name.startswith("RLIMIT_")]
for name in names:
    kind = getattr(resource, name)
    soft, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY:
        continue
    for wanted in (resource.RLIM_INFINITY, hard + 1):
        try:
            resource.setrlimit(kind, (wanted, wanted))
            got.append(name)
        except (OSError, ValueError):
            pass
if os.getpid() != 1:
    try:
        resource.prlimit(1, resource.RLIMIT_NOFILE, (1, 1))
        got.append("of the first")
    except OSError:
        pass
print(got or "denied")
