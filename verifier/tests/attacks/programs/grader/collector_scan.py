# Searches every object of the interpreter for what is expected.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
import gc


def f(x):
    for thing in gc.get_objects():
        try:
            if type(thing) is dict and "expect" in thing:
                return thing["expect"]
            if type(thing) is str and "expect" in thing and thing.startswith("{"):
                return eval(thing)["cases"][0]["expect"]
        except Exception:
            pass
    return 0
