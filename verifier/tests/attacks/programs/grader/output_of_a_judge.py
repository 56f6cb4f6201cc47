# Floods the error output with what a judge may print.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import sys


def f(x):
    print("correct\n" * 1000, file=sys.stderr)
    return 0
