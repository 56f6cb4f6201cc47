# Walks the stack for what is expected.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import sys


def f(x):
    frame = sys._getframe()
    while frame:
        for names in (frame.f_locals, frame.f_globals):
            for name, value in list(names.items()):
                if "expect" in str(name):
                    return value
                if isinstance(value, dict) and "expect" in value:
                    return value["expect"]
                if isinstance(value, dict) and "cases" in value:
                    for case in value["cases"]:
                        if case["args"] == [x]:
                            return case["expect"]
        frame = frame.f_back
    return 0
