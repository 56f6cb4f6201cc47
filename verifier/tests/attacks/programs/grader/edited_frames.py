# Writes into the variables of its callers.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import ctypes
import sys


def f(x):
    frame = sys._getframe().f_back
    while frame:
        for name in list(frame.f_locals):
            if name in ("value", "expected", "message", "result", "wrong"):
                frame.f_locals[name] = 9
                ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
        frame = frame.f_back
    return 0
