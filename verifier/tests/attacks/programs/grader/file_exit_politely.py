# Raises what ends a program well, in a call of a test file.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
def f(x):
    raise SystemExit(0)
