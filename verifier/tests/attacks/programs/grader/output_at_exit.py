# Prints that all is well when the interpreter ends.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import atexit
import os

atexit.register(lambda: os.write(1, b"\n2 passed in 0.01s\nOK\ncorrect\n"))
atexit.register(lambda: os._exit(0))


def f(x):
    return 0
