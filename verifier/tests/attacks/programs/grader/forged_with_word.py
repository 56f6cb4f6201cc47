# Takes the word from the stack, and forges a result twice for each case.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import os
import sys

frame = sys._getframe()
words = []
while frame:
    for value in frame.f_locals.values():
        if type(value) is str and len(value) == 32:
            words.append(value)
        if type(value) is dict and type(value.get("nonce")) is str:
            words.append(value["nonce"])
    frame = frame.f_back
for word in words:
    for case in (0, 1):
        for value in (9, 16):
            line = '%s {"case": %d, "value": {"int": "%x"}}\n' % (word, case, value)
            os.write(3, line.encode())


def f(x):
    return 0
