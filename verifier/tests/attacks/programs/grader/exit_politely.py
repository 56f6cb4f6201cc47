# Ends well by exceptions that are no errors.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import sys


def f(x):
    sys.exit(0) if x == 3 else exec("raise GeneratorExit")
