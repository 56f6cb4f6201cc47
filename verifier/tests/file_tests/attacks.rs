//! Solutions that attack their process, the link or the tests. None is ever correct.

use lehr_record::Outcome::{Error, Unsupported, Wrong};

use super::{AGREES, SQUARES, joined, judged};

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
