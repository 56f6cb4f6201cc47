# Is wrong first, then runs into a limit, to be judged over budget.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
# limits: cpu=0.4 wall=10
def f(x):
    while x == 4:
        pass
    return 0
