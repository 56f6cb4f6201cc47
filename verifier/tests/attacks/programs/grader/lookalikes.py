# Returns what looks like the result and is another type.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong passed=0
import fractions


def f(x):
    return float(x * x) if x == 3 else fractions.Fraction(x * x)
