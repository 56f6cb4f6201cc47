# Replaces what assertions rest on.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import builtins
import math
import sys

builtins.AssertionError = type("AssertionError", (SystemExit,), {})
builtins.abs = lambda *_: 0
builtins.all = builtins.any = builtins.isinstance = lambda *_: True
math.isclose = lambda *_, **__: True
sys.excepthook = lambda *_: None


def f(x):
    return 0
