# Replaces the functions that a judge in its process would use.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import builtins

true = lambda *_, **__: True
builtins.all = builtins.any = builtins.isinstance = builtins.bool = true
builtins.abs = builtins.len = builtins.sum = lambda *_: 0
builtins.AssertionError = type("AssertionError", (SystemExit,), {})


def f(x):
    return 0
