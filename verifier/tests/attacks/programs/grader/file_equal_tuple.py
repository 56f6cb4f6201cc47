# Returns a list of a kind of its own, whose parts equal everything.
# form: file
# tests: {"file": "assert f(3) == [9, (3, 3)]\n"}
# expect: verdict=wrong
class Any:
    __hash__ = None

    def __eq__(self, other):
        return True


def f(x):
    return [Any(), Any()]
