# Returns the right number as a kind of its own: that is not an int.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
class Int(int):
    pass


def f(x):
    return Int(x * x)
