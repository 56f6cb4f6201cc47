# Calls itself without end, the guard being off.
# expect: exit=signal:11 or limit=memory or limit=cpu or exit=1
# limits: memory=64M cpu=1
import sys

sys.setrecursionlimit(1 << 30)


def deeper():
    return deeper()


deeper()
