# Follows every step of its callers, and returns early in their place.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import sys


def trace(frame, event, argument):
    frame.f_trace_lines = True
    if event == "line" and frame.f_code.co_name in ("send", "encode"):
        for name in ("value", "message"):
            if name in frame.f_locals:
                frame.f_locals[name] = {"case": 0, "value": {"int": "9"}}
    return trace


sys.settrace(trace)
frame = sys._getframe()
while frame:
    frame.f_trace = trace
    frame = frame.f_back


def f(x):
    return 0
