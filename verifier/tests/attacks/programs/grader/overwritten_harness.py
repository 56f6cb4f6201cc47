# Replaces the functions of the program that calls it.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import sys

frame = sys._getframe()
while frame:
    names = frame.f_globals
    for name in ("encode", "describe", "judge", "compare", "equals", "check"):
        if callable(names.get(name)):
            names[name] = lambda *_, **__: {"int": "9"}
    frame = frame.f_back


def f(x):
    return 0
