//! Runs a solution in the sandbox and judges what its function returned.
//!
//! Python and JavaScript have a driver that calls the function and sends what it returns with its
//! types; other languages have their types only at compile time, and no calls.

use std::collections::BTreeMap;

use lehr_record::{CallCase, CallTests, Outcome, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

use super::evidence::{not_built, not_run, over, too_much, verdict, with_run};
use super::floats::Floats;
use super::value::{Returned, equals, is_exact, show};
use crate::Language;
use crate::answer::clip;
use crate::sandbox::{
    Execution, Harness, Limit, Limits, Program, ProgramFile, Sandbox, Start, limit_behind,
};
use crate::toolchain::{interpreter, is_module, limit_of};

/// The largest solution, in bytes.
pub(super) const MAX_SOLUTION: usize = 256 << 10;
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
/// when the sandbox failed, or the tests are none. The verdict carries `code`, `passed`, `cases`,
/// the first `failures`, `limit`, `exit`, `stdout`, `stderr`, `cpu_seconds`, `wall_seconds` and
/// `peak_memory_bytes`.
pub fn check_program(
    sandbox: &Sandbox,
    solution: &str,
    tests: &CallTests,
    limits: &Limits,
) -> Verdict {
    check_calls(sandbox, Language::Python, solution, tests, limits, &Floats::Usual)
}

/// Judges a solution by calls of its function, in a language that has a driver.
pub(super) fn check_calls(
    sandbox: &Sandbox,
    language: Language,
    solution: &str,
    tests: &CallTests,
    limits: &Limits,
    floats: &Floats,
) -> Verdict {
    if let Err(verdict) = check_bounds(solution, tests) {
        return verdict;
    }
    let nonce = match nonce() {
        Ok(nonce) => nonce,
        Err(verdict) => return verdict,
    };
    let arguments: Vec<String> =
        tests.cases.iter().map(|case| Value::from(case.args.clone()).to_string()).collect();
    if arguments.iter().map(String::len).sum::<usize>() > MAX_ARGUMENTS {
        let reason = format!("the arguments of all calls have more than {MAX_ARGUMENTS} bytes");
        return too_much("arguments", reason);
    }
    let calls = json!({"nonce": nonce, "function": tests.function, "arguments": arguments});
    let mut files = vec![ProgramFile::new("calls.json", calls.to_string())];
    let (start, limits) = match language {
        Language::JavaScript => {
            if !is_identifier(&tests.function) {
                let reason = format!("{:?} is not the name of a function", tests.function);
                return verdict(Outcome::Error, "bad_tests", reason);
            }
            let name = if is_module(solution) { "solution.mjs" } else { "solution.js" };
            files.push(ProgramFile::new(name, solution));
            files.push(ProgramFile::new(JS_DRIVER, include_str!("calls.js")));
            match interpreter(language, JS_DRIVER, limits) {
                Ok((command, limits)) => (Start::Command(command), limits),
                Err(missing) => return not_built(missing.into()),
            }
        }
        _ => {
            files.push(ProgramFile::new("solution.py", solution));
            (Start::Harness(Harness::Calls), limits.clone())
        }
    };
    let program = Program { files, channel: true, ..Program::new(start) };
    match sandbox.run(&program, &limits) {
        Ok(mut execution) => {
            execution.limit = limit_of(language, &execution);
            let report = Report::read(&execution.results, &nonce);
            let verdict = judge(tests, language, floats, &report, &execution);
            with_run(verdict.with("cases", tests.cases.len()), &execution)
        }
        Err(error) => not_run(&error),
    }
}

/// The file of JavaScript's driver.
const JS_DRIVER: &str = "lehr_calls.js";

/// Whether JavaScript can have a name such as this; it is put into a program.
fn is_identifier(name: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    name.chars().all(inner) && name.starts_with(|c: char| inner(c) && !c.is_ascii_digit())
}

fn check_bounds(solution: &str, tests: &CallTests) -> Result<(), Verdict> {
    check_solution(solution)?;
    if tests.cases.is_empty() {
        return Err(verdict(Outcome::Error, "bad_tests", "the tests have no cases"));
    }
    if tests.cases.len() > MAX_CASES {
        let reason = format!("the tests have more than {MAX_CASES} cases");
        return Err(too_much("cases", reason));
    }
    if let Some(place) =
        tests.cases.iter().position(|c| !is_exact(&c.expect) || !c.args.iter().all(is_exact))
    {
        let reason = format!(
            "case {place} holds a number beyond 64 bits, which may be an integer or a float"
        );
        return Err(verdict(Outcome::Unsupported, "inexact_number", reason));
    }
    Ok(())
}

/// Refuses a solution that nobody writes by hand.
pub(super) fn check_solution(solution: &str) -> Result<(), Verdict> {
    if solution.len() > MAX_SOLUTION {
        let reason = format!("the solution has more than {MAX_SOLUTION} bytes");
        return Err(too_much("solution", reason));
    }
    Ok(())
}

/// A word that a program cannot know before it runs: 128 random bits.
pub(super) fn nonce() -> Result<String, Verdict> {
    use std::io::Read;
    let mut bytes = [0u8; 16];
    match std::fs::File::open("/dev/urandom").and_then(|mut file| file.read_exact(&mut bytes)) {
        Ok(()) => Ok(bytes.iter().map(|b| format!("{b:02x}")).collect()),
        Err(error) => {
            let reason = format!("no random word can be had: {error}");
            Err(verdict(Outcome::Error, "sandbox", reason))
        }
    }
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

fn judge(
    tests: &CallTests,
    language: Language,
    floats: &Floats,
    report: &Report,
    execution: &Execution,
) -> Verdict {
    let limit_behind = |error: &str| match language {
        Language::Python => limit_behind(error),
        other => crate::toolchain::limit_behind(other, error.as_bytes()),
    };
    if report.tampered || report.results.keys().any(|&case| case >= tests.cases.len()) {
        let reason = "the program wrote to the channel for results";
        return verdict(Outcome::Wrong, "tampered", reason)
            .with("tampered", true)
            .with("passed", 0);
    }
    if let Some((error, syntax)) = &report.load {
        let limit = execution.limit.or_else(|| limit_behind(error));
        let (what, code) = match syntax {
            true => ("does not compile", "compile_error"),
            false => ("fails before any call", "load_error"),
        };
        return match limit {
            Some(limit) => over(limit, 0),
            None => {
                let reason = format!("the solution {what}: {}", clip(error, 300));
                verdict(Outcome::Wrong, code, reason).with("passed", 0)
            }
        };
    }
    if report.missing {
        let reason = format!("the solution defines no function {}", tests.function);
        return verdict(Outcome::Wrong, "no_function", reason).with("passed", 0);
    }
    let mut passed = 0;
    let mut failures = Vec::new();
    let mut wrong = 0;
    // What the first failing call was, for machines.
    let mut code = None;
    let mut limit = execution.limit;
    for (place, case) in tests.cases.iter().enumerate() {
        let failure = match report.results.get(&place) {
            Some(CallResult::Value(value)) if equals(&case.expect, value, floats) => {
                passed += 1;
                continue;
            }
            Some(CallResult::Value(value)) => {
                wrong += 1;
                code = code.or(Some("wrong_value"));
                failure(place, case, "got", show(value, 300))
            }
            Some(CallResult::Error(error)) => {
                match limit_behind(error) {
                    Some(reached) => limit = limit.or(Some(reached)),
                    None => {
                        wrong += 1;
                        code = code.or(Some("raised"));
                    }
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
            let reason = format!("all {total} calls return the expected value");
            verdict(Outcome::Correct, "passed", reason)
        }
        None if wrong == 0 => {
            let reason =
                format!("the program ended after {} of {total} calls", report.results.len());
            verdict(Outcome::Wrong, "early_exit", reason)
        }
        Some(limit) if wrong == 0 => over(limit, passed),
        _ => {
            let reason = format!("{passed} of {total} calls return the expected value");
            verdict(Outcome::Wrong, code.unwrap_or("wrong_value"), reason)
        }
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
