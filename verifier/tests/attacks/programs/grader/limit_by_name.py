# Raises the error that a limit raises, to be judged over budget and not wrong.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong or verdict=over_budget
def f(x):
    raise MemoryError
