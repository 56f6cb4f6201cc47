//! Whose the names are that tests use, and what a file must do to test something.

use lehr_record::Outcome::{Correct, Error, Unsupported, Wrong};

use super::{SQUARE, SQUARES, joined, judged};

#[test]
fn names_are_resolved() {
    judged(&[
        ("asserts", SQUARE, SQUARES, Correct, "passed"),
        ("wrong", r"def f(x): return x + x", SQUARES, Wrong, "assertion_failed"),
        (
            "from solution",
            SQUARE,
            r"from solution import f
assert f(3) == 9
assert f(4) == 16
",
            Correct,
            "passed",
        ),
        (
            "import solution",
            SQUARE,
            r"import solution
assert solution.f(3) == 9",
            Correct,
            "passed",
        ),
        (
            "import as",
            SQUARE,
            r"import my_square as m
assert m.f(3) == 9",
            Correct,
            "passed",
        ),
        (
            "from main",
            SQUARE,
            r"from main import f as g
assert g(3) == 9",
            Correct,
            "passed",
        ),
        (
            "star",
            SQUARE,
            r"from solution import *
assert f(3) == 9
assert f(4) == 16
",
            Correct,
            "passed",
        ),
        (
            "relative",
            SQUARE,
            r"from .solution import f
assert f(3) == 9
assert f(4) == 16
",
            Correct,
            "passed",
        ),
        (
            "package",
            SQUARE,
            r"from src.square import f
assert f(3) == 9
assert f(4) == 16
",
            Correct,
            "passed",
        ),
        (
            "candidate",
            SQUARE,
            r"def check(candidate):
    assert candidate(3) == 9
check(f)",
            Correct,
            "passed",
        ),
        ("free candidate", SQUARE, r"assert candidate(3) == 9", Correct, "passed"),
        (
            "never called",
            SQUARE,
            r"def check(candidate):
    assert candidate(3) == 9
",
            Error,
            "no_tests",
        ),
        ("empty", SQUARE, r"", Error, "no_tests"),
        ("only prints", SQUARE, r"print(f(3))", Error, "no_tests"),
        ("unused", SQUARE, r"assert 1 == 1", Error, "solution_unused"),
        ("tests syntax", SQUARE, r"assert f(3) = 9", Error, "tests_syntax"),
        ("missing name", r"def g(x): return 9", SQUARES, Wrong, "missing_name"),
        (
            "missing import",
            r"def g(x): return 9",
            r"from solution import f
assert f(3) == 9
assert f(4) == 16
",
            Wrong,
            "missing_name",
        ),
        ("load", r"def f(x) return x", SQUARES, Wrong, "load_error"),
        ("load raises", r"raise ValueError(1)", SQUARES, Wrong, "load_error"),
        (
            "numpy",
            SQUARE,
            r"import numpy as np
assert f(np.int64(3)) == 9",
            Unsupported,
            "missing_module",
        ),
        (
            "main guard",
            &joined(
                SQUARE,
                r"if __name__ == '__main__':
    raise SystemExit(3)",
            ),
            SQUARES,
            Correct,
            "passed",
        ),
        (
            "tests main guard",
            SQUARE,
            r"def run():
    assert f(3) == 9
if __name__ == '__main__':
    run()",
            Correct,
            "passed",
        ),
        (
            "all run after a failure",
            r"def f(x): return 9",
            &joined(
                SQUARES,
                r"assert f(5) == 25
assert f(3) == 9",
            ),
            Wrong,
            "assertion_failed",
        ),
        (
            "swallowed",
            r"def f(x): return 0",
            r"try:
    assert f(3) == 9
except AssertionError:
    print('bad')
assert f(0) == 0",
            Wrong,
            "assertion_failed",
        ),
        (
            "future",
            SQUARE,
            r"from __future__ import annotations
def test_f(x: Unknown = 3):
    assert f(x) == 9",
            Correct,
            "passed",
        ),
    ]);
}
