# Follows every step of the tests, and jumps over the assertions.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import sys


def trace(frame, event, argument):
    if event == "line":
        try:
            frame.f_lineno += 1
        except ValueError:
            pass
    elif event == "exception":
        return None
    return trace


sys.settrace(trace)
frame = sys._getframe()
while frame:
    frame.f_trace = trace
    frame = frame.f_back


def f(x):
    return 0
