//! Runs of the whole program: what it prints against what it should.

use std::time::Duration;

use lehr_record::{Outcome, Verdict};
use serde_json::{Value, json};

use super::evidence::{end, not_built, not_run, over, too_much, verdict};
use super::floats::Floats;
use super::judge::check_solution;
use super::{StreamCase, StreamTests};
use crate::Language;
use crate::answer::clip;
use crate::answer::extract::tail;
use crate::sandbox::{Execution, Exit, Limit, Limits, Sandbox};
use crate::toolchain::{Built, Source, build, limit_of};

/// The most runs of one program.
const MAX_CASES: usize = 1000;
/// The largest input of all runs together, in bytes.
const MAX_INPUT: usize = 16 << 20;
/// How many failing runs are shown; after as many no other is started.
const SHOWN: usize = 5;

/// Judges a program by runs with an input, each in a sandbox of its own; it is compiled once.
///
/// The output is compared as lines, without the white space at their ends and without empty lines
/// at its end. Under a tolerance the words of a line that are numbers are compared by it. A run must
/// end with status 0. The first run that reaches a limit, or the fifth that fails, is the last.
pub(super) fn check_streams(
    sandbox: &Sandbox,
    language: Language,
    solution: &str,
    tests: &StreamTests,
    limits: &Limits,
    floats: &Floats,
) -> Verdict {
    if let Err(verdict) = check_solution(solution).and_then(|()| check_bounds(tests)) {
        return verdict;
    }
    let built = match build(sandbox, &Source::of(language, solution), limits) {
        Ok(built) => built,
        Err(failure) => return not_built(failure).with("cases", tests.cases.len()),
    };
    let mut runs = Runs { cases: tests.cases.len(), ..Runs::default() };
    for (place, case) in tests.cases.iter().enumerate() {
        let program = built.program(case.stdin.as_bytes());
        let mut execution = match sandbox.run(&program, &built.limits(limits)) {
            Ok(execution) => execution,
            Err(error) => return not_run(&error).with("case", place),
        };
        execution.limit = limit_of(language, &execution);
        runs.take(place, case, &execution, floats);
        if runs.limit.is_some() || runs.failures.len() == SHOWN {
            break;
        }
    }
    runs.verdict(&built)
}

fn check_bounds(tests: &StreamTests) -> Result<(), Verdict> {
    if tests.cases.is_empty() {
        return Err(verdict(Outcome::Error, "bad_tests", "the tests have no cases"));
    }
    if tests.cases.len() > MAX_CASES {
        return Err(too_much("cases", format!("the tests have more than {MAX_CASES} cases")));
    }
    if tests.cases.iter().map(|case| case.stdin.len()).sum::<usize>() > MAX_INPUT {
        let reason = format!("the input of all cases has more than {MAX_INPUT} bytes");
        return Err(too_much("input", reason));
    }
    Ok(())
}

/// What the runs so far were.
#[derive(Default)]
struct Runs {
    cases: usize,
    run: usize,
    passed: usize,
    wrong: usize,
    failures: Vec<Value>,
    /// The code of the first failing run, why it failed, and how it ended.
    first: Option<(&'static str, String)>,
    decisive: Option<(Exit, Vec<u8>)>,
    limit: Option<Limit>,
    cpu: Duration,
    wall: Duration,
    peak: Option<u64>,
}

impl Runs {
    fn take(&mut self, place: usize, case: &StreamCase, execution: &Execution, floats: &Floats) {
        self.run += 1;
        self.cpu += execution.cpu;
        self.wall += execution.wall;
        self.peak = self.peak.max(execution.peak_memory);
        let same = same_output(&case.stdout, &execution.stdout, floats);
        if same && execution.succeeded() {
            self.passed += 1;
            return;
        }
        let got = String::from_utf8_lossy(&execution.stdout);
        let mut failure = json!({
            "case": place,
            "input": clip(&case.stdin, 300),
            "expected": clip(&case.stdout, 300),
            "got": clip(&got, 300),
        });
        let (code, why) = match (execution.limit, execution.exit) {
            (Some(limit), _) => {
                self.limit = Some(limit);
                ("limit", format!("the limit on {} was reached", limit.as_str()))
            }
            (None, Exit::Code(0)) => ("wrong_output", "the output is not the expected one".into()),
            (None, exit) if same => ("raised", format!("the output is right, but {}", end(exit))),
            (None, exit) => ("raised", end(exit)),
        };
        if execution.limit.is_none() {
            self.wrong += 1;
        }
        failure["error"] = why.clone().into();
        self.failures.push(failure);
        self.first.get_or_insert((code, why));
        self.decisive.get_or_insert_with(|| (execution.exit, execution.stderr.clone()));
    }

    fn verdict(self, built: &Built) -> Verdict {
        let (passed, cases) = (self.passed, self.cases);
        let verdict = match (self.limit, self.first) {
            (None, None) => {
                let reason = format!("all {cases} runs print what is expected");
                verdict(Outcome::Correct, "passed", reason)
            }
            (Some(limit), _) if self.wrong == 0 => over(limit, passed),
            (_, first) => {
                let (code, why) = first.unwrap_or_default();
                let place = self.failures.first().map_or(Value::Null, |f| f["case"].clone());
                let reason = format!("{passed} of {cases} runs pass; case {place}: {why}");
                verdict(Outcome::Wrong, code, reason)
            }
        };
        let mut verdict = verdict
            .with("passed", passed)
            .with("cases", cases)
            .with("run", self.run)
            .with("cpu_seconds", self.cpu.as_secs_f64())
            .with("wall_seconds", self.wall.as_secs_f64());
        if let Some(bytes) = self.peak {
            verdict = verdict.with("peak_memory_bytes", bytes);
        }
        if let Some(limit) = self.limit {
            verdict = verdict.with("limit", limit.as_str());
        }
        if let Some(build) = built.build {
            verdict = verdict.with("compile_seconds", build.wall.as_secs_f64());
        }
        if let Some((exit, stderr)) = self.decisive {
            verdict = verdict.with("exit", json!(exit));
            let stderr = String::from_utf8_lossy(&stderr);
            let stderr = tail(&stderr, 2000);
            if !stderr.is_empty() {
                verdict = verdict.with("stderr", stderr);
            }
        } else {
            verdict = verdict.with("exit", json!(Exit::Code(0)));
        }
        match self.failures.is_empty() {
            true => verdict,
            false => verdict.with("failures", self.failures),
        }
    }
}

/// Whether an output is the expected one. What is not UTF-8 is not.
fn same_output(expected: &str, printed: &[u8], floats: &Floats) -> bool {
    let Ok(printed) = std::str::from_utf8(printed) else { return false };
    let (expected, printed) = (lines(expected), lines(printed));
    expected.len() == printed.len()
        && expected
            .iter()
            .zip(&printed)
            .all(|(expected, printed)| expected == printed || same_words(expected, printed, floats))
}

/// The lines without the white space at their ends, and without empty ones at the end.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.split('\n').map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

/// Under a tolerance, a line is its words.
fn same_words(expected: &str, printed: &str, floats: &Floats) -> bool {
    if !matches!(floats, Floats::Relative(_) | Floats::Absolute(_)) {
        return false;
    }
    let (mut expected, mut printed) = (expected.split_whitespace(), printed.split_whitespace());
    loop {
        match (expected.next(), printed.next()) {
            (None, None) => return true,
            (Some(expected), Some(printed)) if floats.same_word(expected, printed) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use num_rational::BigRational;

    use super::*;

    #[test]
    fn outputs_are_lines_and_under_a_tolerance_words() {
        let thousandth = || Floats::Relative(BigRational::new(1.into(), 1000.into()));
        for (expected, printed, exact, near) in [
            ("1\n2\n", "1\n2\n", true, true),
            ("1\n2\n", "1\r\n2", true, true),
            ("1\n2\n", "1 \n2\t\n\n\n", true, true),
            ("1\n2\n", "1\n\n2\n", false, false),
            ("1\n2\n", "1 2\n", false, false),
            ("1 2", "1  2", false, true),
            ("1 2", " 1 2", false, true),
            ("", "", true, true),
            ("", "\n", true, true),
            ("", "0", false, false),
            ("x", "X", false, false),
            ("0.3333", "0.33333", false, true),
            ("0.3333", "0.34", false, false),
            ("a 0.5 b", "a 0.5001 b", false, true),
            ("a 0.5 b", "a 0.5001", false, false),
            ("1000", "1001", false, false),
        ] {
            let said = same_output(expected, printed.as_bytes(), &Floats::Usual);
            assert_eq!(said, exact, "{expected:?} {printed:?}");
            let said = same_output(expected, printed.as_bytes(), &thousandth());
            assert_eq!(said, near, "{expected:?} {printed:?}");
        }
        assert!(!same_output("\u{fffd}", b"\xff", &Floats::Usual));
    }
}
