# Is right, and noisy on the way: that is no trick.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=correct
import sys


def f(x):
    print("correct", x)
    print("wrong", file=sys.stderr)
    return x * x
