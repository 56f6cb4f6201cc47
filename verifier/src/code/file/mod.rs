//! A file of assertions or pytest style tests, judged outside the tested process.
//!
//! Two processes in two sandboxes, joined by pipes: one runs the tests, the other serves the
//! solution. What the tests call by the solution's names are proxies: arguments travel there and
//! results back as plain data, rebuilt with their exact types, and every assertion is decided in
//! the process of the tests. What is not plain stays in the solution's process and is asked for
//! its attributes; whether it equals something is seldom believed (below).
//!
//! ```text
//! tests.json ──► run_tests.py ── link.py ──► serve.py ◄── solution.py
//!                 │ fd 3                      knows arguments, and nothing expected
//!                 ▼
//!              Report ──► Verdict
//! ```
//!
//! The rules that a writer of tests must know:
//!
//! - names that the tests use and do not define are the solution's; names of Python's builtins never
//!   are, nor is a name that is used only as a standard module (`math.isclose`); `candidate` is the
//!   one function of the solution;
//! - a module that is not installed is the solution, whatever its name, but for well-known
//!   packages;
//! - instances of subclasses of plain types are no plain values; they compare by the plain value
//!   that they hold, unless they have an equality of their own. Instances of other classes compare
//!   by identity or, for dataclasses and named tuples, by their fields. The solution's own `__eq__`
//!   is believed when it says no, and when it says yes of two objects with the same plain
//!   attributes, of which the last was made by the tests for the comparison
//!   (`assert f(x) == Point(1, 2)`). Else the verdict is `unsupported` (`unjudged`);
//! - containers that a call changes are changed in the tests too, and those that the solution keeps
//!   hold of are the same on both sides from then on, up to a thousand parts together. Files, the
//!   environment, standard input and patched modules do not cross;
//! - a failed assertion stays failed though the tests catch it, but for `pytest.raises`;
//! - in a file without test functions every statement runs, also after a failed assertion.

mod report;
mod settle;

use std::time::Duration;

use lehr_record::Verdict;
use serde_json::json;

use super::FileTests;
use super::evidence::{not_run, too_much};
use super::judge::nonce;
use crate::sandbox::{Harness, Limits, Program, ProgramFile, Sandbox, Start};
use report::Report;

/// The largest solution, and the largest file of tests, in bytes.
const MAX_SOURCE: usize = 256 << 10;
/// How much longer the tests may take than the solution, so that they can still tell of its end.
const GRACE: Duration = Duration::from_secs(1);
/// The longest time that limits allow.
const DAY: Duration = Duration::from_secs(86_400);

/// Judges a Python solution by a file of tests.
///
/// The evidence has `code`, `passed`, `cases`, `asserts`, `failures` (test, line, source, the two
/// sides of a comparison), the solution's `stdout` and `stderr`, `exit`, `limit` with `where`, and
/// times.
pub(super) fn check(
    sandbox: &Sandbox,
    solution: &str,
    tests: &FileTests,
    limits: &Limits,
) -> Verdict {
    for (what, text) in [("solution", solution), ("file of tests", &tests.file)] {
        if text.len() > MAX_SOURCE {
            let reason = format!("the {what} has more than {MAX_SOURCE} bytes");
            return too_much("source", reason);
        }
    }
    let nonce = match nonce() {
        Ok(nonce) => nonce,
        Err(verdict) => return verdict,
    };
    let given = json!({"nonce": nonce, "tests": tests.file});
    let asks = Program {
        files: vec![ProgramFile::new("tests.json", given.to_string())],
        channel: true,
        ..Program::new(Start::Harness(Harness::Tests))
    };
    let serves = Program {
        files: vec![ProgramFile::new("solution.py", solution)],
        ..Program::new(Start::Harness(Harness::Solution))
    };
    let longer = Limits { wall: limits.wall.saturating_add(GRACE).min(DAY), ..limits.clone() };
    match sandbox.run_pair((&asks, &longer), (&serves, limits)) {
        Ok((tests, solution)) => {
            settle::of(&Report::read(&tests.results, &nonce), &tests, &solution)
        }
        Err(error) => not_run(&error),
    }
}
