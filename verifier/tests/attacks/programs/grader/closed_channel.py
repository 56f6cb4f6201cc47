# Closes the channel, and opens its own files in its place.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os

os.close(3)
os.dup2(1, 3)


def f(x):
    return x * x
