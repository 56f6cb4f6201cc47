//! Styles of tests: pytest, unittest, and what is not supported.

use lehr_record::Outcome::{Correct, Error, Unsupported, Wrong};

use super::{SQUARE, STACK, judged};

#[test]
fn styles_of_tests() {
    judged(&[
        (
            "pytest",
            SQUARE,
            r#"
import pytest
@pytest.fixture
def three(): return 3
@pytest.fixture(scope="module")
def log():
    l = []
    yield l
@pytest.fixture(params=[1, 2])
def num(request): return request.param
def test_f(three): assert f(three) == 9
@pytest.mark.parametrize("a, b", [(1, 1), pytest.param(2, 4, id="two"), (3, 9)])
@pytest.mark.parametrize("k", [0])
def test_p(a, b, k, log):
    log.append(a)
    assert f(a) == b
def test_log(log): assert log == [1, 2, 3]
def test_num(num): assert f(num) == num ** 2
@pytest.mark.skip(reason="x")
def test_s(): assert False
@pytest.mark.xfail
def test_x(): assert f(2) == 5
class TestF:
    def setup_method(self): self.x = 5
    def test_a(self, three): assert f(self.x) == 25
    @pytest.mark.parametrize("n", [1, 2])
    def test_b(self, n): assert f(n) == n * n
    @staticmethod
    def test_c(): assert f(1) == pytest.approx(1.0000001)
"#,
            Correct,
            "passed",
        ),
        (
            "parametrize wrong",
            SQUARE,
            r"import pytest
@pytest.mark.parametrize('a,b', [(1, 1), (2, 5)])
def test_f(a, b):
    assert f(a) == b",
            Wrong,
            "assertion_failed",
        ),
        (
            "unittest",
            SQUARE,
            r#"
import unittest
from solution import f
class T(unittest.TestCase):
    @classmethod
    def setUpClass(cls): cls.y = 4
    def setUp(self): self.x = 3
    def test_a(self): self.assertEqual(f(self.x), 9)
    def test_b(self):
        with self.subTest(1): self.assertEqual(f(self.y), 16)
    def test_c(self):
        with self.assertRaises(TypeError): f(None)
if __name__ == "__main__":
    unittest.main()
"#,
            Correct,
            "passed",
        ),
        (
            "unittest wrong",
            SQUARE,
            r"import unittest
class T(unittest.TestCase):
    def test_a(self): self.assertEqual(f(3), 10)
    def test_b(self):
        with self.subTest(1): self.assertEqual(f(3), 11)",
            Wrong,
            "assertion_failed",
        ),
        (
            "all skipped",
            SQUARE,
            r"import pytest
@pytest.mark.skip
def test_s(): assert f(3) == 9",
            Error,
            "no_tests",
        ),
        (
            "unknown pytest",
            SQUARE,
            r"import pytest
with pytest.warns(UserWarning): f(3)",
            Unsupported,
            "unsupported_test",
        ),
        (
            "files",
            r"def f(p): return open(p).read()",
            r"def test_f(tmp_path):
    p = tmp_path / 'a'
    p.write_text('x')
    assert f(str(p)) == 'x'",
            Unsupported,
            "files",
        ),
        (
            "shadowed builtin",
            r"def abs(x): return -x if x < 0 else x
def g(x): return x",
            r"assert abs(-3) == 3
assert g(1) == 1",
            Unsupported,
            "shadowed_builtin",
        ),
        (
            "shadowed builtin imported",
            r"def abs(x): return -x if x < 0 else x",
            r"from solution import abs
assert abs(-3) == 3",
            Correct,
            "passed",
        ),
        (
            "approx list",
            r"def f(): return [0.1 + 0.2, 1.0]",
            r"from pytest import approx
assert f() == approx([0.3, 1])",
            Correct,
            "passed",
        ),
        (
            "singleton",
            r"class S:
    one = None
    def __new__(c):
        c.one = c.one or object.__new__(c)
        return c.one",
            r"assert S() is S()",
            Correct,
            "passed",
        ),
        (
            "module state",
            r"count = 0
def f():
    global count
    count += 1
    return count",
            r"import solution
assert f() == 1
assert solution.count == 1
solution.count = 5
assert f() == 6",
            Correct,
            "passed",
        ),
        (
            "subclassed",
            STACK,
            r"class S(Stack):
    pass
assert len(S()) == 0",
            Unsupported,
            "unsupported_test",
        ),
        (
            "builtins replaced",
            r"def f(): return input()",
            r"import builtins
builtins.input = lambda: '3'
assert f() == '3'",
            Unsupported,
            "unsupported_test",
        ),
        (
            "stdin replaced",
            r"def f(): return input()",
            r"import sys, io
sys.stdin = io.StringIO('3')
assert f() == '3'",
            Unsupported,
            "unsupported_test",
        ),
        (
            "environment",
            r"import os
def f(): return os.environ['A']",
            r"import os
os.environ['A'] = '3'
assert f() == '3'",
            Unsupported,
            "files",
        ),
        (
            "leetcode",
            r"class Solution:
    def twoSum(self, a, t):
        return [0, 1]",
            r"def check(candidate):
    assert candidate([1, 2], 3) == [0, 1]
check(Solution().twoSum)",
            Correct,
            "passed",
        ),
        (
            "alarm",
            r"import time
def f(x):
    if x == 0: time.sleep(0.4)
    return x * x",
            r"import signal
def late(*a): raise TimeoutError('late')
signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.1)
try:
    f(0)
    assert False
except TimeoutError: pass
assert f(3) == 9",
            Correct,
            "passed",
        ),
        (
            "processes",
            SQUARE,
            r"import subprocess, sys
assert subprocess.run([sys.executable, 'solution.py']).returncode == 0",
            Unsupported,
            "unsupported_test",
        ),
        (
            "by importlib",
            SQUARE,
            r"import importlib
m = importlib.import_module('solution')
assert m.f(3) == 9",
            Correct,
            "passed",
        ),
        (
            "parametrized class",
            SQUARE,
            r"import pytest
@pytest.mark.parametrize('x, y', [(1, 1), (2, 4)])
class TestF:
    def test_a(self, x, y): assert f(x) == y
    def test_b(self, x, y): assert f(-x) == y",
            Correct,
            "passed",
        ),
        (
            "set up by module",
            SQUARE,
            r"state = {}
def setup_module(module): state['x'] = 3
def test_f(): assert f(state['x']) == 9
def teardown_module(): state.clear()",
            Correct,
            "passed",
        ),
        (
            "fails in the set-up",
            SQUARE,
            r"class TestF:
    def setup_method(self, method): self.x = g(1)
    def test_a(self): assert f(3) == 9",
            Wrong,
            "missing_name",
        ),
        (
            "other fixtures",
            SQUARE,
            r"def test_f(mocker): assert f(3) == 9",
            Unsupported,
            "unsupported_test",
        ),
        (
            "own set-up of the solution",
            r"class A:
    def __init__(s): s.v = []
    def add(s, x): s.v.append(x)",
            r"import pytest
@pytest.fixture
def a():
    a = A()
    a.add(1)
    yield a
    a.v.clear()
@pytest.fixture(autouse=True)
def always(): yield
def test_one(a):
    a.add(2)
    assert a.v == [1, 2]
def test_two(a, request):
    assert a.v == [1] and request.node.name == 'test_two'",
            Correct,
            "passed",
        ),
        (
            "class that asserts",
            SQUARE,
            r"class TestF:
    values = [1, 2]
    def test(self):
        for v in self.values: assert f(v) == v * v",
            Correct,
            "passed",
        ),
        (
            "standard names of the solution",
            r"import math
from collections import Counter
def f(x): return Counter(x)",
            r"assert f('aab') == Counter({'a': 2, 'b': 1})
assert math.floor(1.5) == 1",
            Correct,
            "passed",
        ),
    ]);
}
