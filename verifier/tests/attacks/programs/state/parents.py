# Looks in its parents for something that outlives a job, and leaves something there.
# expect: exit=0 limit=none stdout=clean
# runs: 3
import os
import sys

found = []
modules = list(sys.modules.values())
found += [module.__name__ for module in modules if getattr(module, "lehr_attack_left", None)]
for module in modules:
    try:
        module.lehr_attack_left = True
    except (AttributeError, TypeError):
        pass
for name in ("atexit", "threading"):
    module = sys.modules.get(name)
    register = getattr(module, "register", None) or getattr(module, "_register_atexit", None)
    if register:
        register(lambda: None)
os.register_at_fork(before=lambda: os.write(1, b"left\n"))
print(found or "clean")
