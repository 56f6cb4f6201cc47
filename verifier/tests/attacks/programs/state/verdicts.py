# Solutions that patch what judges the next one.
# form: calls
# runs: 3
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}]}
# expect: verdict=correct
import builtins
import json
import os
import sys


def f(x):
    clean = not hasattr(json, "lehr_attack")
    json.lehr_attack = True
    loads, dumps = json.loads, json.dumps
    json.loads = lambda *_, **__: [7]
    json.dumps = lambda *_, **__: "{}"
    os.write = lambda *_: 0
    builtins.compile = None
    sys.modules["lehr_calls"] = None
    return x * x if clean else 0
