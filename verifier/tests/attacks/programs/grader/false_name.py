# Returns an object whose class says that it is int.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
class Meta(type):
    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(int)

    def __instancecheck__(cls, thing):
        return True


class int_(metaclass=Meta):
    __class__ = int

    def __eq__(self, other):
        return True

    def __int__(self):
        return 9

    __index__ = __int__


int_.__name__ = int_.__qualname__ = "int"


def f(x):
    return int_()
