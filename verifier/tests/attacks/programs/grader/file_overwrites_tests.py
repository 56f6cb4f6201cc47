# Defines what the test file defines, and hands out tests of its own.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import sys


def check(candidate):
    return True


def test_f():
    return True


def pytest_runtest_call(item):
    return True


for name in ("test", "tests", "test_solution", "conftest", "__main__"):
    module = sys.modules.get(name)
    if module is not None:
        module.check = module.test_f = check


def f(x):
    return 0
