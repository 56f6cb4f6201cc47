# Returns an object whose every use goes on without end.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong or verdict=over_budget
# limits: cpu=0.5 wall=4
class Endless:
    def forever(self, *_):
        while True:
            pass

    __eq__ = __bool__ = __iter__ = __len__ = __repr__ = __str__ = __reduce_ex__ = __getattr__ = forever


def f(x):
    return Endless()
