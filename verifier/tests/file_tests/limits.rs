//! Limits, and processes that end.

use lehr_record::Outcome::{Error, OverBudget, Wrong};

use super::{SQUARE, SQUARES, joined, judged};

#[test]
fn limits_are_named() {
    judged(&[
        (
            "busy",
            r"def f(x):
    while True: pass",
            SQUARES,
            OverBudget,
            "limit_cpu",
        ),
        (
            "sleep",
            r"def f(x):
    import time
    time.sleep(60)",
            SQUARES,
            OverBudget,
            "limit_wall",
        ),
        ("memory", r"def f(x): return bytearray(1 << 40)", SQUARES, OverBudget, "limit_memory"),
        ("large", r"def f(x): return [0] * 1000000", SQUARES, OverBudget, "limit_results"),
        ("busy tests", SQUARE, &joined(SQUARES, r"while True: pass"), OverBudget, "limit_cpu"),
        (
            "wrong, then busy",
            r"def f(x):
    while x == 4: pass
    return 0",
            SQUARES,
            Wrong,
            "assertion_failed",
        ),
        (
            "segfault",
            r"def f(x):
    import os
    os.kill(os.getpid(), 11)",
            SQUARES,
            Wrong,
            "solution_ended",
        ),
        (
            "tests end",
            SQUARE,
            &joined(
                SQUARES,
                r"import os
os._exit(0)",
            ),
            Error,
            "tests_ended",
        ),
    ]);
}
