# Replaces the code of functions that others hold already.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import gc
import types


def nine(*_, **__):
    return {"int": "9"}


for thing in gc.get_objects():
    if type(thing) is types.FunctionType and thing.__name__ == "encode":
        try:
            thing.__code__ = nine.__code__
        except ValueError:
            pass


def f(x):
    return 0
