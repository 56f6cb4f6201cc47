# A child goes on with the calls, and both answer.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os


def f(x):
    return 0 if os.fork() else x * x
