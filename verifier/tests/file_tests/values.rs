//! What crosses the link: values, changed arguments, callbacks, output.

use lehr_record::Outcome::{Correct, Unsupported, Wrong};

use super::{SQUARE, judged};

#[test]
fn values_cross_with_their_types() {
    judged(&[
        (
            "values",
            r"def f(x): return x",
            r#"
import collections, datetime, decimal, fractions
for v in [None, True, 0, -5, 10**50, -(10**50), 1.5, -0.0, float("inf"), "é\ud800\n", b"\x00\xff", [1, [2]], (1, (2,)), {1: {"a": (2, 3)}}, {(1, 2): 3, None: 4},
          {1, 2}, frozenset([3]), 1j, range(1, 9, 2), collections.Counter("aab"), collections.OrderedDict(a=1), collections.deque([1, 2], 5),
          decimal.Decimal("1.10"), fractions.Fraction(1, 3), datetime.date(2020, 2, 29), datetime.datetime(2020, 1, 2, 3, 4, 5, 6), datetime.timedelta(1, 2, 3), datetime.time(1, 2), ..., int, ValueError, bytearray(b"ab")]:
    r = f(v)
    assert r == v and type(r) is type(v), (r, v)
import math
assert math.isnan(f(float("nan")))
assert math.copysign(1, f(-0.0)) == -1
assert repr(f(1.10)) == "1.1"
assert f(collections.defaultdict(list, a=[1])) == {"a": [1]}
assert isinstance(f([]), list) and not isinstance(f(True), float)
"#,
            Correct,
            "passed",
        ),
        (
            "types kept",
            r"def f(): return 1.0",
            r"assert f() == 1
assert type(f()) is int",
            Wrong,
            "assertion_failed",
        ),
        (
            "mutation",
            r"def f(l, d, s):
    l.sort(); l[0].append(9); d['k'] = l; s.add(1); del d['gone']",
            r#"
a, b = [1], [0]
l = [a, b]; d = {"gone": 1}; s = set(); m = l
f(l, d, s)
assert m is l and l[0] is b and l[1] is a
assert b == [0, 9] and a == [1]
assert d == {"k": l} and d["k"] is l and s == {1}
"#,
            Correct,
            "passed",
        ),
        (
            "same object back",
            r"def f(l):
    l.append(1)
    return l
def g(l): return [l, l]",
            r"l = []
assert f(l) is l
r = g(l)
assert r[0] is l and r[1] is l",
            Correct,
            "passed",
        ),
        (
            "not mutated",
            r"def f(l): return sorted(l)",
            r"l = [2, 1]
assert f(l) == [1, 2]
assert l == [2, 1]",
            Correct,
            "passed",
        ),
        (
            "mutated though it must not",
            r"def f(l):
    l.sort()
    return l",
            r"l = [2, 1]
assert f(l) == [1, 2]
assert l == [2, 1]",
            Wrong,
            "assertion_failed",
        ),
        (
            "callbacks",
            r"def f(g, x): return [g(v) for v in x]
def curry(g):
    n = g.__code__.co_argcount
    return n
def deco(g):
    import functools
    @functools.wraps(g)
    def w(*a, **k): return g(*a, **k) + 1
    return w",
            r#"
assert f(lambda v: v + 1, [1, 2]) == [2, 3]
assert f(str, [1]) == ["1"]
assert f(len, ["ab"]) == [2]
assert f(str.upper, ["ab"]) == ["AB"]
assert curry(lambda a, b, c: 0) == 3
seen = []
f(seen.append, [1, 2])
assert seen == [1, 2]
@deco
def g(a, b=2):
    "doc"
    return a * b
assert g(3) == 7 and g(3, b=1) == 4
assert g.__name__ == "g"
"#,
            Correct,
            "passed",
        ),
        (
            "callback raises",
            r"def f(g):
    try: g()
    except ValueError as e: return 'caught ' + str(e)
def h(g): g()",
            r#"
import pytest
class Boom(Exception):
    def __init__(self, n): super().__init__(n); self.n = n
def bad(): raise ValueError("no")
def boom(): raise Boom(3)
assert f(bad) == "caught no"
with pytest.raises(Boom) as e: h(boom)
assert e.value.n == 3
"#,
            Correct,
            "passed",
        ),
        (
            "retry",
            r"def retry(fn, n, errors):
    for i in range(n):
        try: return fn()
        except errors: pass
    raise RuntimeError('gave up')",
            r#"
class Flaky(Exception): pass
calls = []
def fn():
    calls.append(1)
    if len(calls) < 3: raise Flaky("x")
    return "ok"
assert retry(fn, 5, (Flaky, KeyError)) == "ok" and len(calls) == 3
"#,
            Correct,
            "passed",
        ),
        (
            "tree of the tests",
            r"def depth(n): return 0 if n is None else 1 + max(depth(n.left), depth(n.right))
def invert(n):
    if n: n.left, n.right = invert(n.right), invert(n.left)
    return n",
            r"
class Node:
    def __init__(self, v, left=None, right=None): self.v, self.left, self.right = v, left, right
t = Node(1, Node(2, Node(3)))
assert depth(t) == 3
assert invert(t) is t and t.right.v == 2 and t.left is None and t.right.right.v == 3
",
            Correct,
            "passed",
        ),
        (
            "mock",
            r"def f(g): return g(1) + g.other(2)",
            r"from unittest.mock import Mock
m = Mock(return_value=3)
m.other.return_value = 4
assert f(m) == 7
m.assert_called_once_with(1)
m.other.assert_called_once_with(2)",
            Correct,
            "passed",
        ),
        (
            "patch",
            SQUARE,
            r"from unittest.mock import patch
with patch('builtins.print'):
    assert f(3) == 9",
            Unsupported,
            "unsupported_test",
        ),
        (
            "generators",
            r"def f(n):
    for i in range(n): yield i
def total(it): return sum(it)
def back():
    x = yield 1
    yield x",
            r"import itertools
assert list(f(3)) == [0, 1, 2]
assert next(f(1)) == 0
assert list(itertools.islice(f(10**9), 2)) == [0, 1]
assert total(x for x in [1, 2]) == 3
assert total(map(int, '12')) == 3
g = back()
assert next(g) == 1 and g.send(5) == 5
assert [(a, b) for a, b in zip(f(2), f(3))] == [(0, 0), (1, 1)]
assert 2 in f(4)",
            Correct,
            "passed",
        ),
        (
            "print",
            r"def f(x): print('hello', x)
def g():
    import sys
    print('e', file=sys.stderr)",
            r#"
import io, contextlib
def test_c(capsys):
    f(3)
    assert capsys.readouterr().out == "hello 3\n"
    g()
    assert capsys.readouterr().err == "e\n"
def test_r():
    b = io.StringIO()
    with contextlib.redirect_stdout(b): f(4)
    assert b.getvalue().strip() == "hello 4"
"#,
            Correct,
            "passed",
        ),
        (
            "print wrong",
            r"def f(x): print('hullo', x)",
            r"def test_c(capsys):
    f(3)
    assert capsys.readouterr().out == 'hello 3\n'",
            Wrong,
            "assertion_failed",
        ),
        (
            "async",
            r"import asyncio
async def f(x):
    await asyncio.sleep(0)
    return x * x",
            r"import asyncio, pytest
assert asyncio.run(f(3)) == 9
async def two(): return await f(2) + await f(1)
assert asyncio.run(two()) == 5
@pytest.mark.asyncio
async def test_f():
    assert await f(4) == 16",
            Correct,
            "passed",
        ),
    ]);
}
