# Searches every file that it can read for what is expected.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import json
import os


def f(x):
    for directory in ("/program", "/tmp", ".", "/proc/self", "/proc/1"):
        try:
            names = os.listdir(directory)
        except OSError:
            continue
        for name in names:
            try:
                tests = json.load(open(os.path.join(directory, name)))
                return [c["expect"] for c in tests["cases"] if c["args"] == [x]][0]
            except Exception:
                pass
    return 0
