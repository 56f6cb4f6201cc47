//! Solutions that give what agrees with everything. None is ever correct.

use lehr_record::Outcome::{Unsupported, Wrong};

use super::{AGREES, POINT, SQUARES, joined, judged};

#[test]
fn what_agrees_with_everything() {
    judged(&[
        ("eq", AGREES, SQUARES, Wrong, "assertion_failed"),
        ("eq reflected", AGREES, r"assert 9 == f(3)", Wrong, "assertion_failed"),
        ("ne", AGREES, r"assert not f(3) != 9", Wrong, "assertion_failed"),
        ("order", AGREES, r"assert 8 < f(3) < 10", Wrong, "raised"),
        ("near", AGREES, r"assert abs(f(3) - 9.0) < 1e-9", Wrong, "raised"),
        (
            "isclose",
            AGREES,
            r"import math
assert math.isclose(f(3), 9.0)",
            Wrong,
            "assertion_failed",
        ),
        ("contains", AGREES, r"assert 9 in f(3)", Wrong, "assertion_failed"),
        ("in list", AGREES, r"assert f(3) in [9]", Wrong, "assertion_failed"),
        ("in set", AGREES, r"assert f(3) in {9}", Wrong, "assertion_failed"),
        ("startswith", AGREES, r"assert f(3).startswith('9')", Wrong, "raised"),
        ("issubset", AGREES, r"assert f(3).issubset({9})", Wrong, "raised"),
        ("isinstance", AGREES, r"assert isinstance(f(3), int)", Wrong, "assertion_failed"),
        (
            "approx",
            AGREES,
            r"import pytest
assert f(3) == pytest.approx(9)",
            Wrong,
            "assertion_failed",
        ),
        (
            "assertEqual",
            AGREES,
            r"import unittest
class T(unittest.TestCase):
    def test_f(self): self.assertEqual(f(3), 9)",
            Wrong,
            "assertion_failed",
        ),
        (
            "assertAlmostEqual",
            AGREES,
            r"import unittest
class T(unittest.TestCase):
    def test_f(self): self.assertAlmostEqual(f(3), 9)",
            Wrong,
            "raised",
        ),
        (
            "nested",
            &joined(
                AGREES,
                r"g = f
def f(x): return [g(x)]",
            ),
            r"assert f(3) == [9]",
            Wrong,
            "assertion_failed",
        ),
        (
            "key",
            &joined(
                AGREES,
                r"g = f
def f(x): return {g(x): g(x)}",
            ),
            r"assert f(3) == {9: 9}",
            Wrong,
            "assertion_failed",
        ),
        ("bound to name", &joined(AGREES, r"f = Any()"), SQUARES, Wrong, "assertion_failed"),
        ("class bound to name", &joined(AGREES, r"f = Any"), SQUARES, Wrong, "raised"),
        (
            "int subclass",
            r"class I(int):
    def __eq__(s, o): return True
    __hash__ = int.__hash__
def f(x): return I(0)",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
        (
            "list subclass",
            r"class L(list):
    def __eq__(s, o): return True
def f(x): return L()",
            r"assert f(3) == [9]",
            Wrong,
            "assertion_failed",
        ),
        (
            "str subclass",
            r"class S(str):
    def __eq__(s, o): return True
    __hash__ = str.__hash__
def f(x): return S('')",
            r"assert f(3) == '9'
assert f(3).startswith('9')",
            Wrong,
            "assertion_failed",
        ),
        (
            "metaclass",
            r"class M(type):
    def __eq__(c, o): return True
    __hash__ = type.__hash__
class A(metaclass=M): pass
def f(x): return A",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
        (
            "last made dataclass",
            &joined(
                POINT,
                r"last = None
old = Point.__init__
def init(s, *a):
    global last
    old(s, *a); last = s
Point.__init__ = init
def f(): return last or Point(0, 0)",
            ),
            r"want = Point(1, 2)
assert f() == want",
            Unsupported,
            "unjudged",
        ),
        (
            "last made object",
            r"class P:
    last = None
    def __init__(s, x): s.x = x; P.last = s
def f(): return P.last",
            r"want = P(1)
assert want.x == 1
assert f() == want",
            Unsupported,
            "unjudged",
        ),
        (
            "last made object is",
            r"class P:
    last = None
    def __init__(s, x): s.x = x; P.last = s
def f(): return P.last",
            r"want = P(1)
assert f() is want",
            Unsupported,
            "unjudged",
        ),
        (
            "all equal",
            r"class V:
    def __init__(s, x): s.x = x
    def __eq__(s, o): return True
def f(): return V(0)",
            r"assert f() == V(1)",
            Unsupported,
            "unjudged",
        ),
        (
            "all equal, and differ",
            r"class V:
    def __init__(s, x): s.x = x
    def __eq__(s, o): return True",
            r"assert V(1) != V(2)",
            Wrong,
            "assertion_failed",
        ),
        (
            "all equal to the last",
            r"class V:
    x = 0
    def __init__(s, x): V.x = s.x = x
    def __eq__(s, o): return True
def f():
    v = object.__new__(V)
    v.x = V.x
    return v",
            r"want = V(1)
assert f() == want",
            Unsupported,
            "unjudged",
        ),
        (
            "becomes what it is compared with",
            r"class V:
    made = []
    def __init__(s, x):
        s.x = x
        for v in V.made: v.x = x
        V.made.append(s)
    def __eq__(s, o): return True
def f(): return V(0)",
            r"assert f() == V(1)",
            Unsupported,
            "unjudged",
        ),
        (
            "fields not compared",
            r"from dataclasses import dataclass, field
@dataclass
class P:
    x: int = field(compare=False)
def f(): return P(0)",
            r"assert f() == P(1)",
            Unsupported,
            "unjudged",
        ),
        (
            "eq patched later",
            &joined(POINT, r"Point.__eq__ = lambda s, o: True"),
            r"assert mirror(Point(1, 2)) == Point(5, 5)",
            Unsupported,
            "unjudged",
        ),
        (
            "getattribute",
            &joined(
                POINT,
                r"class Q(Point):
    def __getattribute__(s, n): return 0
def f(): return Q(1)",
            ),
            r"assert f() == Point(1)",
            Wrong,
            "assertion_failed",
        ),
    ]);
}
