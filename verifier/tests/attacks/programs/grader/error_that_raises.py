# Raises an error whose text and name raise again, or never end.
# form: calls
# tests: {"function": "f", "cases": [{"args": [3], "expect": 9}, {"args": [4], "expect": 16}]}
# expect: verdict=wrong
class Bad(BaseException):
    def __str__(self):
        raise Bad

    __repr__ = __str__


Bad.__name__ = 'x"}\n0 {"case": 0, "value": {"int": "9"}}\n'


def f(x):
    raise Bad
