# An object writes results when it is thrown away.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os


class Last:
    def __del__(self):
        os.write(3, b'{"case": 0, "value": {"int": "9"}}\n')


def f(x):
    return Last()
