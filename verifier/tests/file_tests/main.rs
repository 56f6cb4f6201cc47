//! Solutions, honest and not, judged by files of tests.
#![expect(clippy::unwrap_used, reason = "tests")]

mod attacks;
mod cheats;
mod evidence;
mod limits;
mod names;
mod objects;
mod styles;
mod values;

use std::sync::LazyLock;
use std::time::Duration;

use lehr_record::{Outcome, Verdict};
use lehr_verifier::code::{self, FileTests, Tests};
use lehr_verifier::{Language, Limits, Sandbox, SandboxOptions};

static SANDBOX: LazyLock<Sandbox> =
    LazyLock::new(|| Sandbox::new(SandboxOptions::default()).unwrap());

/// An honest solution.
const SQUARE: &str = r"def f(x):
    return x * x
";

/// Tests of it.
const SQUARES: &str = r"assert f(3) == 9
assert f(4) == 16
";

/// A dataclass.
const POINT: &str = r"from dataclasses import dataclass, field
@dataclass
class Point:
    x: int
    y: int = 0
    tags: list = field(default_factory=list)
    def moved(self, dx): return Point(self.x + dx, self.y)
    def move(self, dx): self.x += dx
def origin(): return Point(0, 0)
def mirror(p): return Point(p.x, -p.y)
";

/// A class with most of the special methods.
const STACK: &str = r#"class Stack:
    limit = 3
    def __init__(self, items=()): self.items = list(items)
    def push(self, x):
        self.items.append(x)
        return self
    def pop(self):
        if not self.items: raise IndexError("pop from empty stack")
        return self.items.pop()
    @property
    def size(self): return len(self.items)
    @classmethod
    def of(cls, *items): return cls(items)
    @staticmethod
    def name(): return "stack"
    def __len__(self): return len(self.items)
    def __iter__(self): return iter(self.items)
    def __contains__(self, x): return x in self.items
    def __getitem__(self, i): return self.items[i]
    def __setitem__(self, i, v): self.items[i] = v
    def __bool__(self): return bool(self.items)
    def __enter__(self): return self
    def __exit__(self, *a): self.items.clear(); return False
    def __repr__(self): return "Stack(%r)" % self.items
class Deep(Stack): pass
"#;

/// Gives objects that agree with everything.
const AGREES: &str = r"class Any:
    def __eq__(s, o): return True
    def __ne__(s, o): return False
    def __lt__(s, o): return True
    __le__ = __gt__ = __ge__ = __contains__ = __lt__
    def __sub__(s, o): return 0
    __rsub__ = __add__ = __radd__ = __sub__
    def __bool__(s): return True
    def __hash__(s): return 0
    def __len__(s): return 1
    def __abs__(s): return 0
    def __float__(s): return 0.0
    def __getitem__(s, k): return s
    def __iter__(s): return iter([s])
    def startswith(s, *a): return True
    def issubset(s, o): return True
    def __getattr__(s, n): return s
    def __call__(s, *a): return True
def f(x): return Any()
";

fn check(solution: &str, tests: &str) -> Verdict {
    let (cpu, wall) = (Duration::from_secs(2), Duration::from_secs(8));
    let limits = Limits { cpu, wall, ..Limits::default() };
    let tests = Tests::File(FileTests { file: tests.to_owned() });
    code::check(&SANDBOX, Language::Python, solution, &tests, &limits)
}

/// Judges cases of name, solution, tests, outcome and code.
fn judged(cases: &[(&str, &str, &str, Outcome, &str)]) {
    for (name, solution, tests, outcome, code) in cases {
        let verdict = check(solution, tests);
        assert_eq!(
            (verdict.verdict, verdict.evidence["code"].as_str()),
            (*outcome, Some(*code)),
            "{name}\n{verdict:#?}"
        );
    }
}

fn joined(one: &str, two: &str) -> String {
    format!("{one}{two}")
}
