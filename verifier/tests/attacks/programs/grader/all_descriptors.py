# Writes that all is well to everything that is open.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os

for number in range(64):
    try:
        os.write(number, b'{"passed": true, "case": 0, "value": {"int": "9"}}\n')
    except OSError:
        pass


def f(x):
    return 0
