//! Solutions that cheat. None is ever correct.

use lehr_record::Outcome::{Error, Unsupported, Wrong};

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

#[test]
fn what_ends_or_raises() {
    judged(&[
        (
            "exit at load",
            r"import os
os._exit(0)",
            SQUARES,
            Wrong,
            "solution_ended",
        ),
        (
            "sys.exit at load",
            r"import sys
sys.exit(0)",
            SQUARES,
            Wrong,
            "solution_ended",
        ),
        (
            "exit in call",
            r"def f(x):
    import os
    os._exit(0)",
            SQUARES,
            Wrong,
            "solution_ended",
        ),
        (
            "exit in call, caught",
            r"def f(x):
    import os
    os._exit(0)",
            r"try:
    f(3)
except BaseException:
    pass
assert True",
            Wrong,
            "solution_ended",
        ),
        ("SystemExit", r"def f(x): raise SystemExit(0)", SQUARES, Wrong, "solution_ended"),
        (
            "KeyboardInterrupt",
            r"def f(x): raise KeyboardInterrupt",
            SQUARES,
            Wrong,
            "solution_ended",
        ),
        ("GeneratorExit", r"def f(x): raise GeneratorExit", SQUARES, Wrong, "raised"),
        (
            "skip",
            r"def f(x):
    import unittest
    raise unittest.SkipTest",
            SQUARES,
            Wrong,
            "raised",
        ),
        (
            "skip in unittest",
            r"def f(x):
    import unittest
    raise unittest.SkipTest",
            r"import unittest
class T(unittest.TestCase):
    def test_f(self): self.assertEqual(f(3), 9)",
            Wrong,
            "raised",
        ),
        (
            "skip by name",
            r"class Skipped(BaseException): pass
class XFailed(BaseException): pass
def f(x): raise Skipped",
            r"def test_f(): assert f(3) == 9",
            Wrong,
            "raised",
        ),
        (
            "stop by name",
            r"class Stop(BaseException): pass
class Unsupported(Stop): code = 'x'
def f(x): raise Stop",
            r"def test_f(): assert f(3) == 9",
            Wrong,
            "raised",
        ),
    ]);
}

#[test]
fn what_changes_its_own_process_or_writes_to_the_link() {
    judged(&[
        (
            "patched builtins",
            r"import builtins
builtins.len = lambda x: 3
builtins.isinstance = lambda *a: True
builtins.abs = lambda x: 0
builtins.all = lambda x: True
builtins.AssertionError = SystemExit
def f(x): return [1]",
            r"assert len(f(3)) == 3 and all(v == 3 for v in f(3))",
            Wrong,
            "solution_ended",
        ),
        (
            "shadowed builtins",
            r"def abs(x): return 0
def len(x): return 3
def all(x): return True
def f(x): return []",
            r"assert abs(f(3) and 1) == 0
assert len(f(3)) == 3",
            Wrong,
            "raised",
        ),
        (
            "shadowed builtins, all agree",
            r"def sorted(x): return [1, 2]
def f(x): return [1, 2]",
            r"assert sorted(f(3)) == [1, 2]",
            Unsupported,
            "shadowed_builtin",
        ),
        (
            "shadowed module",
            r"class math:
    isclose = staticmethod(lambda a, b, **k: True)
def f(x): return 0.0",
            r"assert math.isclose(f(3), 9.0)",
            Wrong,
            "assertion_failed",
        ),
        (
            "patched json",
            r"import json
json.dumps = lambda *a, **k: 'true'
json.JSONEncoder.encode = lambda *a: '[]'
def f(x): return 0",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
        (
            "driver undone",
            r"import sys
m = sys.modules['lehr_solution']
m.Peer.encode_error = None
m.Server.encode = lambda *a: {'i': '9'}
def f(x): return 0",
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "stack walk",
            r"
import sys, gc
def f(x):
    frame = sys._getframe()
    seen = []
    while frame:
        seen += list(frame.f_locals.values()) + list(frame.f_globals.values())
        frame = frame.f_back
    seen += gc.get_objects()
    for thing in seen:
        try:
            if 'assert' + ' f' in str(thing): return 9
        except Exception: pass
    return -1
",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
        (
            "every descriptor",
            r#"import os
for fd in range(64):
    try: os.write(fd, b'["=",1,true,[],9,null]\n')
    except OSError: pass
def f(x): return x * x"#,
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "garbage on the link",
            r"import os
def f(x):
    os.write(5, b'garbage\n')
    return x * x",
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "forged answers",
            r#"import os
n = 10
def f(x):
    for n in range(100): os.write(5, b'["=",%d,true,[],9,null]\n' % n)
    return 9"#,
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "forged answers of today",
            r#"import os
def f(x):
    for n in range(100): os.write(5, b'["=",%d,true,[],9,null,[],[]]\n' % n)
    return 9"#,
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "forged changes",
            r"import os, gc
def f(l):
    for o in gc.get_objects():
        if type(o).__name__ == 'Server': o.changes = lambda names: ([[0, [9]]], [])
    return l",
            r"assert f([3]) == [9]",
            Wrong,
            "tampered",
        ),
        (
            "forged sharing",
            r"import gc
def f(l):
    for o in gc.get_objects():
        if type(o).__name__ == 'Server': o.share_kept = lambda names, kept: kept.append(7)
    return 0",
            r"assert f([3]) == [9]",
            Wrong,
            "tampered",
        ),
        (
            "forged done",
            r#"import os
for fd in (3, 4, 5):
    try: os.write(fd, b'x {"done": {"stop": null, "cases": 1, "passed": 1, "asserts": 1, "failed": 0, "uses": 1, "files": false, "shadowed": []}}\n')
    except OSError: pass
os._exit(0)"#,
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "link closed",
            r"import os
def f(x):
    os.close(5)
    return 9",
            SQUARES,
            Wrong,
            "solution_ended",
        ),
        (
            "answer too many at the end",
            r#"import os, gc
def f(x): return x * x
for o in gc.get_objects():
    if type(o).__name__ == 'Server': o.ops['end'] = lambda m: os.write(5, b'["=",99,true,[],9,null]\n')"#,
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "bad values",
            r"import os, sys
m = sys.modules['lehr_solution']
m.Server.encode = lambda *a: {'f': ['os', 'system']}
def f(x): return 0",
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "bad class",
            r"import gc
for o in gc.get_objects():
    if type(o).__name__ == 'Server':
        old = o.ops['about']
        o.ops['about'] = lambda kind: dict(old(kind), bases=[int])
class A: pass
def f(x): return A()",
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "claims another equality",
            &joined(
                AGREES,
                r"import gc
for o in gc.get_objects():
    if type(o).__name__ == 'Server':
        old = o.ops['about']
        o.ops['about'] = lambda kind: dict(old(kind), equality='base', frozen=True)
        o.ops['base'] = lambda thing, *a: 0
",
            ),
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
    ]);
}

#[test]
fn what_reaches_for_the_tests() {
    judged(&[
        (
            "callback state",
            r"def f(g):
    g.__globals__['expected'] = 0
    return 0",
            r"expected = 5
assert f(lambda x: x) == expected",
            Wrong,
            "assertion_failed",
        ),
        (
            "callback frame",
            r"def f(g):
    return g.__code__.co_consts",
            r"assert f(lambda x: 5) == (None, 5)",
            Wrong,
            "assertion_failed",
        ),
        (
            "gi_frame",
            r"def f(it): return it.gi_frame.f_globals['expected']",
            r"expected = 5
assert f(x for x in [1]) == expected",
            Wrong,
            "raised",
        ),
        (
            "mock reset",
            r"def f(m):
    m.assert_called_once_with = lambda *a: None
    m.call_count = 1",
            r"from unittest.mock import Mock
m = Mock()
f(m)
m.assert_called_once_with(3)",
            Wrong,
            "raised",
        ),
        (
            "object of the tests",
            r"def f(o):
    o.__class__ = int
    return 0",
            r"class A: x = 1
assert f(A()) == 1",
            Wrong,
            "raised",
        ),
        (
            "swallows the assertion of a callback",
            r"def f(g):
    try: g(0)
    except BaseException: pass
    return 9",
            r"def g(x):
    assert x == 3
assert f(g) == 9",
            Wrong,
            "assertion_failed",
        ),
        (
            "stops a loop",
            r"def f(x): raise StopIteration",
            r"assert all(map(lambda x: f(x) == x * x, [1, 2]))",
            Wrong,
            "raised",
        ),
        (
            "stops a generator",
            r"def f(x): raise StopIteration",
            r"assert all(f(x) == x * x for x in [1, 2])",
            Wrong,
            "raised",
        ),
        (
            "own isclose",
            r"def isclose(*a, **k): return True
def f(x): return 0.0",
            r"assert isclose(f(3), 9.0)",
            Wrong,
            "assertion_failed",
        ),
        (
            "own approx",
            r"def approx(x): return x
def f(x): return x * x",
            r"assert f(3) == approx(9)",
            Unsupported,
            "shadowed_builtin",
        ),
        (
            "own Counter",
            r"def Counter(x): return 0
def f(x): return []",
            r"assert Counter(f(3)) == Counter([9])",
            Unsupported,
            "shadowed_builtin",
        ),
        (
            "own check",
            r"def check(f): return True
def f(x): return 0",
            r"check(f)",
            Error,
            "no_tests",
        ),
        (
            "traces",
            r"import sys
sys.settrace(lambda *a: None)
sys.setprofile(lambda *a: None)
def f(x): return 0",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
        (
            "thread floods",
            r#"import os, threading
def flood():
    while True: os.write(5, b'["?",1,"call",[],{},false]\n')
threading.Thread(target=flood, daemon=True).start()
def f(x): return 9"#,
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "deep json",
            r"import os
def f(x):
    os.write(5, b'[' * 1000000 + b'\n')
    return 9",
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "endless line",
            r"import os
def f(x):
    while True: os.write(5, b'[' * 65536)
",
            SQUARES,
            Wrong,
            "tampered",
        ),
        (
            "loop of containers",
            r"def f(x):
    l = []
    l.append(l)
    return l",
            r"assert f(3) == [9]",
            Wrong,
            "assertion_failed",
        ),
        (
            "reads the tests",
            r"import os
def f(x):
    for d in ('/program', '/tmp', '.'):
        for n in os.listdir(d):
            if 'asse' + 'rt f' in open(os.path.join(d, n), errors='replace').read(): return x * x
    return 0",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
    ]);
}
