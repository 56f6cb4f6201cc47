# Is right once, and ends well before it is wrong.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os


def f(x):
    if x == 3:
        return 9
    os._exit(0)
