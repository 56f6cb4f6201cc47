# Returns an object that every assertion of a test file likes.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
class Equal:
    __hash__ = None

    def yes(self, *_):
        return True

    def self(self, *_):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = yes
    __sub__ = __rsub__ = __add__ = __radd__ = __abs__ = __getitem__ = self

    def __float__(self):
        return 0.0


def f(x):
    return Equal()
