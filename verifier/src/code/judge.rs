//! Runs a solution in the sandbox and judges what its function returned.

use std::collections::BTreeMap;

use lehr_record::{CallCase, CallTests, Outcome, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

use super::value::{Returned, equals, is_exact, show};
use crate::answer::clip;
use crate::sandbox::{
    Execution, Exit, Harness, Limit, Limits, Program, ProgramFile, Sandbox, Start, limit_behind,
};

/// The largest solution, in bytes.
const MAX_SOLUTION: usize = 256 << 10;
/// The most calls of one function.
const MAX_CASES: usize = 10_000;
/// The largest arguments of all calls together, in bytes of JSON.
const MAX_ARGUMENTS: usize = 16 << 20;
/// How many failing calls are shown.
const SHOWN: usize = 5;

/// Judges a Python solution by its tests.
///
/// `wrong` when a call returns something else, raises, or gives nothing, when the program does not
/// load, or when the channel was tampered with; `over_budget` when a limit was reached and nothing
/// was shown to be wrong before; `unsupported` for a number beyond 64 bits in the tests; `error`
/// when the sandbox failed, or the tests are none. The verdict carries `passed`, `cases`, the first
/// `failures`, `limit`, `exit`, `stderr`, `cpu_seconds` and `wall_seconds`.
pub fn check_program(
    sandbox: &Sandbox,
    solution: &str,
    tests: &CallTests,
    limits: &Limits,
) -> Verdict {
    if let Err(verdict) = check_bounds(solution, tests) {
        return verdict;
    }
    let nonce = match nonce() {
        Ok(nonce) => nonce,
        Err(error) => {
            return Verdict::new(Outcome::Error, format!("no random word can be had: {error}"));
        }
    };
    let arguments: Vec<String> =
        tests.cases.iter().map(|case| Value::from(case.args.clone()).to_string()).collect();
    if arguments.iter().map(String::len).sum::<usize>() > MAX_ARGUMENTS {
        return Verdict::new(
            Outcome::OverBudget,
            format!("the arguments of all calls have more than {MAX_ARGUMENTS} bytes"),
        )
        .with("limit", "arguments");
    }
    let calls = json!({"nonce": nonce, "function": tests.function, "arguments": arguments});
    let program = Program {
        files: vec![
            ProgramFile::new("calls.json", calls.to_string()),
            ProgramFile::new("solution.py", solution),
        ],
        channel: true,
        ..Program::new(Start::Harness(Harness::Calls))
    };
    match sandbox.run(&program, limits) {
        Ok(execution) => {
            let verdict = judge(tests, &Report::read(&execution.results, &nonce), &execution);
            with_run(verdict.with("cases", tests.cases.len()), &execution)
        }
        Err(error) => Verdict::new(Outcome::Error, format!("the program was not run: {error}")),
    }
}

fn check_bounds(solution: &str, tests: &CallTests) -> Result<(), Verdict> {
    let refuse = |outcome, reason: String| Err(Verdict::new(outcome, reason));
    if tests.cases.is_empty() {
        return refuse(Outcome::Error, "the tests have no cases".into());
    }
    if tests.cases.len() > MAX_CASES {
        let reason = format!("the tests have more than {MAX_CASES} cases");
        return refuse(Outcome::OverBudget, reason);
    }
    if solution.len() > MAX_SOLUTION {
        let reason = format!("the solution has more than {MAX_SOLUTION} bytes");
        return refuse(Outcome::OverBudget, reason);
    }
    if let Some(place) =
        tests.cases.iter().position(|c| !is_exact(&c.expect) || !c.args.iter().all(is_exact))
    {
        let reason = format!(
            "case {place} holds a number beyond 64 bits, which may be an integer or a float"
        );
        return refuse(Outcome::Unsupported, reason);
    }
    Ok(())
}

/// A word that a program cannot know before it runs: 128 random bits.
pub(super) fn nonce() -> std::io::Result<String> {
    use std::io::Read;
    let mut bytes = [0u8; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// One line of the channel.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Value {
        case: usize,
        value: Returned,
    },
    Error {
        case: usize,
        error: String,
    },
    TooLarge {
        case: usize,
        too_large: String,
    },
    Load {
        load: String,
        syntax: bool,
    },
    Missing {
        #[expect(dead_code, reason = "its presence is the message")]
        missing: bool,
    },
}

/// What one call gave.
#[derive(Debug)]
enum CallResult {
    Value(Returned),
    Error(String),
    TooLarge(String),
}

/// What came over the channel.
#[derive(Debug, Default)]
struct Report {
    results: BTreeMap<usize, CallResult>,
    /// Why the program gave no function, and whether its syntax was the reason.
    load: Option<(String, bool)>,
    missing: bool,
    /// Bytes that the driver did not write.
    tampered: bool,
}

impl Report {
    fn read(bytes: &[u8], nonce: &str) -> Self {
        let mut report = Self::default();
        let mut lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
        // What follows the last line break was cut off with the program.
        lines.pop();
        for line in lines {
            let text = line.strip_prefix(nonce.as_bytes()).and_then(|l| l.strip_prefix(b" "));
            let Some(Ok(message)) = text.map(serde_json::from_slice::<Line>) else {
                report.tampered = true;
                continue;
            };
            let earlier = match message {
                Line::Value { case, value } => {
                    report.results.insert(case, CallResult::Value(value))
                }
                Line::Error { case, error } => {
                    report.results.insert(case, CallResult::Error(error))
                }
                Line::TooLarge { case, too_large } => {
                    report.results.insert(case, CallResult::TooLarge(too_large))
                }
                Line::Load { load, syntax } => {
                    report.load = Some((load, syntax));
                    None
                }
                Line::Missing { .. } => {
                    report.missing = true;
                    None
                }
            };
            report.tampered |= earlier.is_some();
        }
        report
    }
}

fn judge(tests: &CallTests, report: &Report, execution: &Execution) -> Verdict {
    if report.tampered || report.results.keys().any(|&case| case >= tests.cases.len()) {
        return Verdict::new(Outcome::Wrong, "the program wrote to the channel for results")
            .with("tampered", true)
            .with("passed", 0);
    }
    if let Some((error, syntax)) = &report.load {
        let limit = execution.limit.or_else(|| limit_behind(error));
        let what = if *syntax { "does not compile" } else { "fails before any call" };
        return match limit {
            Some(limit) => over(limit, 0),
            None => {
                Verdict::new(Outcome::Wrong, format!("the solution {what}: {}", clip(error, 300)))
                    .with("passed", 0)
            }
        };
    }
    if report.missing {
        let reason = format!("the solution defines no function {}", tests.function);
        return Verdict::new(Outcome::Wrong, reason).with("passed", 0);
    }
    let mut passed = 0;
    let mut failures = Vec::new();
    let mut wrong = 0;
    let mut limit = execution.limit;
    for (place, case) in tests.cases.iter().enumerate() {
        let failure = match report.results.get(&place) {
            Some(CallResult::Value(value)) if equals(&case.expect, value) => {
                passed += 1;
                continue;
            }
            Some(CallResult::Value(value)) => {
                wrong += 1;
                failure(place, case, "got", show(value, 300))
            }
            Some(CallResult::Error(error)) => {
                match limit_behind(error) {
                    Some(reached) => limit = limit.or(Some(reached)),
                    None => wrong += 1,
                }
                failure(place, case, "error", clip(error, 300))
            }
            Some(CallResult::TooLarge(why)) => {
                limit = limit.or(Some(Limit::Results));
                failure(place, case, "error", format!("the result is too large: {why}"))
            }
            None => failure(place, case, "error", "no result".into()),
        };
        if failures.len() < SHOWN {
            failures.push(failure);
        }
    }
    let total = tests.cases.len();
    let verdict = match limit {
        None if passed == total => {
            Verdict::new(Outcome::Correct, format!("all {total} calls return the expected value"))
        }
        None if wrong == 0 => Verdict::new(
            Outcome::Wrong,
            format!("the program ended after {} of {total} calls", report.results.len()),
        ),
        Some(limit) if wrong == 0 => over(limit, passed),
        _ => Verdict::new(
            Outcome::Wrong,
            format!("{passed} of {total} calls return the expected value"),
        ),
    };
    let verdict = verdict.with("passed", passed);
    if failures.is_empty() { verdict } else { verdict.with("failures", failures) }
}

/// One failing call as evidence: what was asked, what was expected, and what came (`got` or
/// `error`).
fn failure(place: usize, case: &CallCase, name: &str, came: String) -> Value {
    json!({
        "case": place,
        "args": clip(&Value::from(case.args.clone()).to_string(), 300),
        "expected": clip(&case.expect.to_string(), 300),
        name: came,
    })
}

fn over(limit: Limit, passed: usize) -> Verdict {
    Verdict::new(Outcome::OverBudget, format!("the limit on {} was reached", limit.as_str()))
        .with("limit", limit.as_str())
        .with("passed", passed)
}

fn with_run(verdict: Verdict, execution: &Execution) -> Verdict {
    let verdict = verdict
        .with("exit", json!(execution.exit))
        .with("cpu_seconds", execution.cpu.as_secs_f64())
        .with("wall_seconds", execution.wall.as_secs_f64());
    let verdict = match execution.limit {
        Some(limit) => verdict.with("limit", limit.as_str()),
        None => verdict,
    };
    let stderr = String::from_utf8_lossy(&execution.stderr);
    let end = crate::answer::extract::tail(&stderr, 2000);
    match end.is_empty() || execution.exit == Exit::Code(0) && verdict.is_correct() {
        true => verdict,
        false => verdict.with("stderr", end),
    }
}
