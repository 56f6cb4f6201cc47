# Ends well in a call of a test file.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import os


def f(x):
    os._exit(0)
