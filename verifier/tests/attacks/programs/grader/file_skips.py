# Raises what test programs take for a test that is not to be run.
# form: file
# tests: {"file": "assert f(3) == 9\nassert f(4) == 16\n"}
# expect: verdict=wrong
import unittest


def f(x):
    try:
        import pytest

        pytest.skip("not today")
    except ImportError:
        pass
    raise unittest.SkipTest("not today")
