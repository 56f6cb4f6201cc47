//! Objects and exceptions of the solution, which stay where they are.

use lehr_record::Outcome::{Correct, Unsupported, Wrong};

use super::{POINT, SQUARE, STACK, judged};

#[test]
fn objects_are_asked_and_not_trusted() {
    judged(&[
        (
            "stack",
            STACK,
            r#"
import pytest
s = Stack()
assert not s and len(s) == 0
assert s.push(1) is s
s.push(2).push(3)
assert list(s) == [1, 2, 3] and 2 in s and 9 not in s and s[0] == 1 and s[-1] == 3 and s[1:] == [2, 3]
s[0] = 7
assert s.items == [7, 2, 3] and s.size == 3 and s.limit == 3 and Stack.limit == 3 and Stack.name() == "stack"
assert s.pop() == 3
assert repr(s) == "Stack([7, 2])" and str(s) == "Stack([7, 2])" and f"{s}" == "Stack([7, 2])"
assert isinstance(s, Stack) and not isinstance(s, list) and type(s) is Stack and type(s).__name__ == "Stack" and s.__class__ is Stack
d = Deep([1])
assert isinstance(d, Stack) and issubclass(Deep, Stack) and not isinstance(s, Deep)
assert list(Stack.of(1, 2)) == [1, 2]
assert isinstance(Stack.of(), Stack)
with Stack([1]) as t: assert len(t) == 1
assert len(t) == 0
assert hasattr(s, "push") and not hasattr(s, "peek")
assert callable(s.push) and not callable(s)
s.extra = 5
assert s.extra == 5
assert s == s and s != Stack() and s is not None and s != 5 and not s == [7, 2]
assert sorted(s) == [2, 7] and max(s) == 7 and sum(s) == 9
with pytest.raises(AttributeError): s.peek
with pytest.raises(TypeError): Stack(1, 2, 3)
with pytest.raises(IndexError, match="empty"): Stack().pop()
"#,
            Correct,
            "passed",
        ),
        (
            "dataclass",
            POINT,
            r#"
p = Point(1, 2)
assert p.x == 1 and p.tags == [] and Point(1).y == 0
assert p == Point(1, 2) and p != Point(1, 3)
assert p.moved(2) == Point(3, 2)
p.move(5)
assert p == Point(6, 2) and p.x == 6
assert mirror(Point(1, 2)) == Point(1, -2)
assert Point(1, -2) == mirror(Point(1, 2))
assert mirror(mirror(p)) == p
assert [Point(1, 2)] == [mirror(Point(1, -2))]
assert repr(Point(1, 2)) == "Point(x=1, y=2, tags=[])"
assert origin() == Point(0, 0) and p != (6, 2, [])
"#,
            Correct,
            "passed",
        ),
        (
            "dataclass wrong",
            POINT,
            r"assert mirror(Point(1, 2)) == Point(1, 2)",
            Wrong,
            "assertion_failed",
        ),
        (
            "frozen in a set",
            r"from dataclasses import dataclass
@dataclass(frozen=True)
class P:
    x: int
def f(n): return {P(i) for i in range(n)}",
            r"assert f(2) == {P(0), P(1)}
assert P(1) in f(2) and P(5) not in f(2)",
            Correct,
            "passed",
        ),
        (
            "named tuple",
            r"from collections import namedtuple
P = namedtuple('P', 'x y')
def f(p): return P(p.y, p.x)",
            r"r = f(P(1, 2))
assert r == P(2, 1)
assert r == (2, 1) and r.x == 2 and r[1] == 1 and tuple(r) == (2, 1) and len(r) == 2
x, y = r
assert x == 2",
            Correct,
            "passed",
        ),
        (
            "enum",
            r"import enum
class C(enum.Enum):
    RED = 1
    BLUE = 2
class N(enum.IntEnum):
    ONE = 1
def f(c): return C.BLUE if c is C.RED else C.RED",
            r"assert f(C.RED) == C.BLUE
assert f(C.RED) is C.BLUE and C(1) is C.RED and C['RED'] is C.RED
assert C.RED.value == 1 and C.RED.name == 'RED' and len(C) == 2
assert [c.name for c in C] == ['RED', 'BLUE'] and f(C.BLUE) in (C.RED,)
assert N.ONE == 1 and N.ONE < 2",
            Correct,
            "passed",
        ),
        (
            "own equality, in order",
            r"class V:
    def __init__(s, x): s.x = x
    def __eq__(s, o): return isinstance(o, V) and s.x == o.x
    def __add__(s, o): return V(s.x + o.x)
    def grow(s): s.x += 1
def make(x): return V(x)",
            r"v = V(1)
assert (v + V(2)).x == 3
assert v + V(2) == V(3)
assert V(3) == make(3)
assert V(1) == V(1) and V(1) != V(2) and make(1) != V(3) and not V(1) == V(2)
v.grow()
assert v == V(2)
assert v != 2 and v not in [V(5)] and make(4) in [V(3), V(4)]",
            Correct,
            "passed",
        ),
        (
            "own equality, made before",
            r"class V:
    def __init__(s, x): s.x = x
    def __eq__(s, o): return isinstance(o, V) and s.x == o.x
    def __add__(s, o): return V(s.x + o.x)
    def grow(s): s.x += 1
def make(x): return V(x)",
            r"want = V(3)
assert make(3) == want",
            Unsupported,
            "unjudged",
        ),
        (
            "own equality of other attributes",
            r"class H:
    def __init__(s, n): s.n = n
    def __eq__(s, o): return s.n.lower() == o.n.lower()",
            r"assert H('a') == H('A')",
            Unsupported,
            "unjudged",
        ),
        (
            "own equality, wrong first",
            r"class V:
    def __init__(s, x): s.x = x
    def __eq__(s, o): return s.x == o.x
    def __add__(s, o): return V(s.x + o.x + 1)",
            r"assert V(1) + V(2) == V(3)",
            Wrong,
            "assertion_failed",
        ),
        (
            "operators",
            r"class V:
    def __init__(s, x): s.x = x
    def __mul__(s, k): return V(s.x * k)
    __rmul__ = __mul__
    def __neg__(s): return V(-s.x)
    def __lt__(s, o): return s.x < o.x
    def __call__(s, k): return s.x + k
    def __abs__(s): return abs(s.x)",
            r"v = V(2)
assert (v * 3).x == 6 and (3 * v).x == 6 and (-v).x == -2 and v < V(3) and not V(3) < v and v(5) == 7 and abs(-v) == 2",
            Correct,
            "passed",
        ),
        (
            "exceptions",
            r"import json
class E(ValueError):
    def __init__(s, m, code):
        super().__init__(m); s.code = code
class F(E):
    def __str__(s): return 'F!'
def f(k):
    if k == 0: raise E('bad', 7)
    if k == 1: raise F('bad', 8)
    if k == 2: return {}['key']
    if k == 3: return 1 // 0
    if k == 4: json.loads('{')
    if k == 5: raise SystemExit(2)
    if k == 6: return f(k)",
            r#"
import pytest, json
with pytest.raises(E) as e: f(0)
assert e.value.code == 7 and str(e.value) == "bad" and e.type is E and e.value.args == ("bad",)
with pytest.raises(ValueError): f(1)
try: f(1)
except E as x: assert str(x) == "F!" and isinstance(x, F)
with pytest.raises(KeyError, match="key"): f(2)
with pytest.raises(ZeroDivisionError): f(3)
with pytest.raises(json.JSONDecodeError): f(4)
with pytest.raises(SystemExit) as e: f(5)
assert e.value.code == 2
with pytest.raises(RecursionError): f(6)
assert issubclass(F, E)
"#,
            Correct,
            "passed",
        ),
        (
            "does not raise",
            r"def f(): pass",
            r"import pytest
with pytest.raises(ValueError): f()",
            Wrong,
            "assertion_failed",
        ),
        (
            "raises another",
            r"def f(): raise KeyError(1)",
            r"import pytest
with pytest.raises(ValueError): f()",
            Wrong,
            "raised",
        ),
    ]);
}

#[test]
fn objects_of_every_kind() {
    judged(&[
        (
            "closures",
            r"import functools
def adder(n):
    'Adds.'
    def add(x): return x + n
    return add
def compose(f, g): return lambda x: f(g(x))
@functools.lru_cache(None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)",
            r"assert adder(3)(4) == 7
assert compose(adder(1), adder(2))(0) == 3
assert compose(str, adder(2))(1) == '3'
assert fib(20) == 6765 and fib.cache_info().misses == 21
assert adder.__name__ == 'adder' and adder.__doc__ == 'Adds.'",
            Correct,
            "passed",
        ),
        (
            "what an object holds",
            r"class S:
    def __init__(s, items, log): s.items, s.log = items, log
    def add(s, x):
        s.items.append(x)
        s.log[x] = [x]
    def total(s): return sum(s.items)
    def rows(s): return s.log.values()",
            r"items, log = [1], {}
s = S(items, log)
s.add(2)
assert items == [1, 2] and log == {2: [2]} and s.items is items
s.items.append(3)
assert s.total() == 6 and items == [1, 2, 3]
items.append(4)
assert s.total() == 10
log[2].append(7)
assert [list(r) for r in s.rows()] == [[2, 7]]
s.log[9] = [1]
inner = log[9]
inner.append(5)
assert s.log[9] == [1, 5]
assert [list(r) for r in s.rows()] == [[2, 7], [1, 5]]",
            Correct,
            "passed",
        ),
        (
            "gives no copy",
            r"class S:
    def __init__(s): s._i = [1]
    def items(s): return s._i",
            r"s = S()
l = s.items()
l.append(9)
assert s.items() == [1]",
            Wrong,
            "assertion_failed",
        ),
        (
            "gives a copy",
            r"class S:
    def __init__(s): s._i = [1]
    def items(s): return list(s._i)",
            r"s = S()
l = s.items()
l.append(9)
assert s.items() == [1] and l == [1, 9]",
            Correct,
            "passed",
        ),
        (
            "default that is kept",
            r"def f(x, l=[]):
    l.append(x)
    return l",
            r"assert f(1) == [1]
assert f(2) == [2]",
            Wrong,
            "assertion_failed",
        ),
        (
            "kept and changed in a callback",
            r"class S:
    def __init__(s, l): s.l = l
    def each(s, g):
        for x in list(s.l):
            s.l.append(x)
            g(x)",
            r"l = [1, 2]
s = S(l)
seen = []
s.each(lambda x: seen.append(list(l)))
assert seen == [[1, 2, 1], [1, 2, 1, 2]]",
            Correct,
            "passed",
        ),
        (
            "linked list",
            r"class Node:
    def __init__(s, v, next=None): s.v, s.next = v, next
def build(vs):
    h = None
    for v in reversed(vs): h = Node(v, h)
    return h
def reverse(h):
    p = None
    while h: h.next, p, h = p, h, h.next
    return p",
            r"def values(h):
    out = []
    while h is not None:
        out.append(h.v)
        h = h.next
    return out
assert values(build([1, 2, 3])) == [1, 2, 3]
n = Node(1, Node(2))
r = reverse(n)
assert values(r) == [2, 1] and r.next is n and n.next is None
n.next = Node(5)
assert values(r) == [2, 1, 5]
assert sorted([Node(2), Node(1)], key=lambda n: n.v)[0].v == 1",
            Correct,
            "passed",
        ),
        (
            "views and iterators",
            r"def f(d): return d.keys(), d.items(), zip([1], [2]), reversed([1, 2])",
            r"k, i, z, r = f({'a': 1})
assert set(k) == {'a'} and list(i) == [('a', 1)] and list(z) == [(1, 2)] and list(r) == [2, 1]",
            Correct,
            "passed",
        ),
        (
            "contexts",
            r"import contextlib
log = []
@contextlib.contextmanager
def scope(n):
    log.append(n)
    try: yield n + 1
    finally: log.append(-n)
def seen(): return log",
            r"import pytest
with scope(1) as v: assert v == 2
assert seen() == [1, -1]
with pytest.raises(ValueError):
    with scope(2): raise ValueError('x')
assert seen() == [1, -1, 2, -2]",
            Correct,
            "passed",
        ),
        (
            "properties",
            r"class C:
    def __init__(s): s._t = 0
    @property
    def t(s): return s._t
    @t.setter
    def t(s, v):
        if v < 0: raise ValueError('negative')
        s._t = v",
            r"import pytest
c = C()
c.t = 5
assert c.t == 5
with pytest.raises(ValueError, match='neg'): c.t = -1",
            Correct,
            "passed",
        ),
        (
            "abstract",
            r"import abc
class A(abc.ABC):
    @abc.abstractmethod
    def f(s): ...
class B(A):
    def f(s): return 1",
            r"import pytest
assert B().f() == 1 and isinstance(B(), A)
with pytest.raises(TypeError): A()",
            Correct,
            "passed",
        ),
        (
            "threads",
            r"import threading
class C:
    def __init__(s): s.n, s.l = 0, threading.Lock()
    def inc(s):
        with s.l: s.n += 1
def mapped(g, xs):
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(3) as e: return list(e.map(g, xs))",
            r"import threading
c = C()
ts = [threading.Thread(target=c.inc) for _ in range(8)]
[t.start() for t in ts]; [t.join() for t in ts]
assert c.n == 8
assert mapped(lambda x: x * 2, [1, 2, 3]) == [2, 4, 6]",
            Correct,
            "passed",
        ),
        (
            "many calls",
            SQUARE,
            r"for i in range(3000):
    assert f(i) == i * i",
            Correct,
            "passed",
        ),
        (
            "recursion through calls",
            r"def f(n, g): return 0 if n == 0 else 1 + g(n - 1)",
            r"def g(n): return f(n, g)
assert f(20, g) == 20",
            Correct,
            "passed",
        ),
        (
            "without end",
            r"def f(g): return g()",
            r"def g(): return f(g)
assert g() == 1",
            Wrong,
            "raised",
        ),
    ]);
}
