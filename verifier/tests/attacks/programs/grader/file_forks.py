# Lets a child answer too.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import os


def f(x):
    return 0 if os.fork() else 1
