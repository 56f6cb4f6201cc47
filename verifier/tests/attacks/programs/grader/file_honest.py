# Is right, noisily.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=correct
def f(x):
    print("wrong")
    return x * x
