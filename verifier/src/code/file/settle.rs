use lehr_record::{Outcome, Verdict};
use serde_json::json;

use super::super::evidence::{limit_code, verdict};
use super::report::{Done, Failure, Report};
use crate::answer::clip;
use crate::answer::extract::tail;
use crate::sandbox::{Execution, Exit, Limit, limit_behind};

/// How many failures are shown.
const SHOWN: usize = 5;
/// How much of the solution's output is shown, in bytes.
const OUTPUT: usize = 2000;

/// The verdict on what was reported and how both programs ended.
pub(super) fn of(report: &Report, tests: &Execution, solution: &Execution) -> Verdict {
    let decided = decide(report, tests, solution);
    let (passed, cases, asserts) =
        report.done.as_ref().map_or((0, 0, 0), |d| (d.passed, d.cases, d.asserts));
    let mut verdict = decided
        .with("passed", passed)
        .with("cases", cases)
        .with("asserts", asserts)
        .with("exit", json!(solution.exit))
        .with("cpu_seconds", solution.cpu.as_secs_f64())
        .with("tests_cpu_seconds", tests.cpu.as_secs_f64())
        .with("wall_seconds", tests.wall.as_secs_f64());
    if !report.failures.is_empty() {
        verdict =
            verdict.with("failures", json!(&report.failures[..report.failures.len().min(SHOWN)]));
    }
    if verdict.verdict == Outcome::Error {
        verdict = with_text(verdict, "tests_stderr", &tests.stderr);
    }
    with_text(with_text(verdict, "stdout", &solution.stdout), "stderr", &solution.stderr)
}

fn with_text(verdict: Verdict, name: &str, bytes: &[u8]) -> Verdict {
    match bytes.is_empty() {
        true => verdict,
        false => verdict.with(name, tail(&String::from_utf8_lossy(bytes), OUTPUT)),
    }
}

fn decide(report: &Report, tests: &Execution, solution: &Execution) -> Verdict {
    let stop = report.done.as_ref().and_then(|done| done.stop.as_ref());
    if let Some((code, why)) = stop
        && code == "tampered"
    {
        return verdict(Outcome::Wrong, code, format!("the program wrote to the link: {why}"))
            .with("tampered", true);
    }
    // The solution has no descriptor of the channel; this can only be the tests' own doing.
    if report.garbled {
        let reason = "the tests write to descriptor 3, which is for results";
        return verdict(Outcome::Error, "tests_channel", reason);
    }
    if let Some(done) = report.done.as_ref().filter(|d| d.files && !report.failures.is_empty()) {
        let reason = format!(
            "{} of {} tests fail, and they write files, which the solution cannot see",
            done.failed, done.cases
        );
        return verdict(Outcome::Unsupported, "files", reason);
    }
    let limited = report.failures.iter().find_map(|f| limit_behind(&f.error).filter(|_| f.remote));
    if let Some(failure) = report.failures.iter().find(|f| !is_limited(f)) {
        return verdict(Outcome::Wrong, &failure.code, tell(failure, report.done.as_ref()));
    }
    if let Some(limit) = limited.or(solution.limit) {
        return over(limit, "solution");
    }
    if let Some(limit) = tests.limit {
        return over(limit, "tests");
    }
    match (&report.done, stop) {
        (Some(_), Some((code, why))) => stopped(code, why, solution),
        (Some(done), None) => settled(done),
        (None, _) => {
            let reason = "the tests ended their own process before they were over";
            verdict(Outcome::Error, "tests_ended", reason)
        }
    }
}

/// Whether the solution's exception means that it reached a limit.
fn is_limited(failure: &Failure) -> bool {
    failure.remote && limit_behind(&failure.error).is_some()
}

fn stopped(code: &str, why: &str, solution: &Execution) -> Verdict {
    match code {
        "solution_ended" => {
            let how = match solution.exit {
                Exit::Code(status) => format!("with status {status}"),
                Exit::Signal(signal) => format!("by signal {signal}"),
                Exit::Killed => "and left the link".to_owned(),
            };
            verdict(
                Outcome::Wrong,
                code,
                format!("the solution ended in the middle of a test, {how}"),
            )
        }
        "result_too_large" => over(Limit::Results, "solution").with("detail", clip(why, 300)),
        "unjudged" | "unsupported_test" | "unsupported_value" | "missing_module" | "files" => {
            verdict(Outcome::Unsupported, code, clip(why, 300))
        }
        "tests_syntax" => {
            verdict(Outcome::Error, code, format!("the tests do not compile: {}", clip(why, 300)))
        }
        _ => verdict(Outcome::Error, code, format!("the tests stopped: {}", clip(why, 300))),
    }
}

/// The verdict where nothing failed and nothing stopped the tests.
fn settled(done: &Done) -> Verdict {
    if done.failed > 0 {
        return verdict(Outcome::Wrong, "failed", format!("{} tests fail", done.failed));
    }
    if done.passed == 0 || done.passed < done.cases {
        let reason = "the file tests nothing: it runs no assertion and no test; a function of \
                      tests must be called, or its name begin with test";
        return verdict(Outcome::Error, "no_tests", reason);
    }
    if done.uses == 0 {
        return verdict(Outcome::Error, "solution_unused", "no test uses the solution");
    }
    if !done.shadowed.is_empty() {
        let reason = format!(
            "the tests use {}, which may be Python's or the solution's; let them import it from \
             solution",
            done.shadowed.join(", ")
        );
        return verdict(Outcome::Unsupported, "shadowed_builtin", reason);
    }
    let reason = format!("all {} tests pass, with {} assertions", done.passed, done.asserts);
    verdict(Outcome::Correct, "passed", reason)
}

/// A failure in one sentence.
fn tell(failure: &Failure, done: Option<&Done>) -> String {
    let place = match (&failure.test, failure.line) {
        (Some(test), line) => format!("{test}, line {line}"),
        (None, 0) => "the solution".to_owned(),
        (None, line) => format!("line {line}"),
    };
    let what = match (&failure.left, &failure.operator, &failure.right) {
        (Some(left), Some(operator), Some(right)) => {
            format!("{} {operator} {} does not hold", clip(left, 120), clip(right, 120))
        }
        (Some(left), ..) => format!("{} does not hold", clip(left, 120)),
        _ => match failure.code.as_str() {
            "load_error" => format!("fails before any test: {}", clip(&failure.error, 300)),
            "solution_ended" => format!("ends its process: {}", clip(&failure.error, 300)),
            _ => clip(&failure.error, 300),
        },
    };
    match done.filter(|done| done.cases > 1) {
        Some(done) => {
            format!("{} of {} tests pass; {place}: {what}", done.passed, done.cases)
        }
        None => format!("{place}: {what}"),
    }
}

fn over(limit: Limit, place: &str) -> Verdict {
    let reason = match place {
        "tests" => format!("the tests reached the limit on {}", limit.as_str()),
        _ => format!("the limit on {} was reached", limit.as_str()),
    };
    verdict(Outcome::OverBudget, &limit_code(limit), reason)
        .with("limit", limit.as_str())
        .with("where", place)
}
