# Writes results into the channel, without knowing the word.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong tampered=true
import os

os.write(3, b'0 {"case": 0, "value": {"int": "9"}}\n0 {"case": 1, "value": {"int": "10"}}\n')


def f(x):
    return 0
