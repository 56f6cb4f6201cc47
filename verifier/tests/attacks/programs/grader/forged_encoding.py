# Returns a value that spells the way in which integers are sent.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
def f(x):
    return {"int": "%x" % (x * x)}
