# Raises an error that bears the name of the one that a test waits for.
# form: file
# tests: {"file": "import pytest\n\ndef test_refuses():\n    with pytest.raises(ValueError):\n        f(-1)\n\ndef test_value():\n    assert f(3) == 9\n"}
# expect: verdict=wrong
class Yes(type):
    def __subclasscheck__(cls, other):
        return True


class ValueError(Exception, metaclass=Yes):
    pass


def f(x):
    raise ValueError
