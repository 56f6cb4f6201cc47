# Replaces every module by one that agrees to everything.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import sys


class Yes:
    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __eq__(self, other):
        return True

    def __bool__(self):
        return True


for name in list(sys.modules):
    if name not in ("builtins", "sys", "__main__"):
        sys.modules[name] = Yes()


def f(x):
    return Yes()
