# Returns an object that runs code where it is read back.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import os


class Reduced:
    def __reduce__(self):
        return (os._exit, (0,))

    def __reduce_ex__(self, _):
        return (os._exit, (0,))

    def __getstate__(self):
        os._exit(0)


def f(x):
    return Reduced()
