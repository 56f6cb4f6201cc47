# Recursion through the interpreter's own stack.
# expect: exit=signal:11 or limit=memory or exit=1
# limits: memory=128M
import sys

sys.setrecursionlimit(1 << 30)


class Deep:
    def __repr__(self):
        return repr(self)


repr(Deep())
