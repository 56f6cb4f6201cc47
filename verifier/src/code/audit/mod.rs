//! The audit of tests: whether they can tell a right solution from a wrong one.
//!
//! Tests that a model wrote may pass whatever they are given. So programs that are surely or probably
//! wrong are made of the solution (`mutate.py`, in the sandbox) and judged by the same tests: the empty
//! program, functions that do nothing or return a constant, and mutants, which differ from the
//! solution by one change. A mutant may happen to be right; so only a share of them must be caught.
//! First the solution is judged once more as the same program in other words: one that fails then,
//! because it reads its own text or the limits are too tight, would make any tests look good.

mod options;

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lehr_record::{Outcome, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::floats::CodePolicy;
use super::{Tests, check_by};
use crate::Language;
use crate::sandbox::{Harness, Limits, Program, ProgramFile, Sandbox, Start};

pub(crate) use options::AuditAsked;
pub use options::AuditOptions;

/// What functions return that ignore what they are asked, in Python's words.
const CONSTANTS: [&str; 8] = ["None", "0", "1", "-1", "True", "False", "''", "[]"];
/// How many mutants that were not caught are shown.
const SHOWN: usize = 5;

/// A program made of the solution.
#[derive(Clone, Debug, Deserialize)]
struct Made {
    kind: String,
    #[serde(default)]
    line: u32,
    #[serde(default)]
    before: String,
    #[serde(default)]
    after: String,
    source: String,
}

/// What the harness says.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line {
    Made(Made),
    Unsupported { unsupported: String },
}

/// What an audit found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Audit {
    /// Whether the tests refuse an empty program, and one whose functions do nothing. No verdict is
    /// no refusal.
    pub empty_fails: bool,
    /// Whether they refuse all programs whose functions return a constant, likewise.
    pub constant_fails: bool,
    /// The mutants that were judged.
    pub mutants: usize,
    /// Those that were refused.
    pub caught: usize,
    /// Their share; `None` when there was nothing to change.
    pub share: Option<f64>,
    /// Programs on which there was no verdict.
    pub unjudged: usize,
    /// Whether the solution passes in other words. Without it there is no audit.
    #[serde(skip)]
    same_passes: bool,
    /// The first programs that the tests passed: kind, line, what was there and what is.
    pub survivors: Vec<Value>,
}

/// [`check_by`](super::check_by), and the tests of a solution that passes are judged as well: they must
/// refuse empty programs, constants, and a share of the solution's mutants. Tests that do not are no
/// reason to call a solution right: the verdict is `ambiguous`, with the code `weak_tests`. What was
/// found is the evidence `audit`.
///
/// Only Python's solutions are changed; for other languages the audit is `unsupported`, as it is for a
/// solution that does not pass when it is written in other words, or cannot be.
pub fn check_with_audit(
    sandbox: &Sandbox,
    language: Language,
    solution: &str,
    tests: &Tests,
    limits: &Limits,
    policy: &CodePolicy,
    options: &AuditOptions,
) -> Verdict {
    let verdict = check_by(sandbox, language, solution, tests, limits, policy);
    if !verdict.is_correct() {
        return verdict;
    }
    let failed = |outcome, code: &str, reason: String| {
        Verdict { verdict: outcome, reason, ..verdict.clone() }.with("code", code)
    };
    if language != Language::Python {
        let reason = format!("tests for {} cannot be audited", language.as_str());
        return failed(Outcome::Unsupported, "audit", reason);
    }
    let made = match programs(sandbox, solution, tests, options) {
        Ok(made) => made,
        Err((outcome, problem)) => {
            return failed(outcome, "audit", format!("the tests cannot be audited: {problem}"));
        }
    };
    let limits = tight(limits, &verdict);
    let judge =
        |made: &Made| check_by(sandbox, language, &made.source, tests, &limits, policy).verdict;
    let mut audit = Audit::of(&made, &all(&made, judge));
    if !audit.same_passes {
        let reason = "the solution does not pass its tests when it is written in other words, so \
                      that its mutants show nothing";
        return failed(Outcome::Unsupported, "audit", reason.into());
    }
    audit.constant_fails &= !expect_one_thing(tests);
    match audit.problem(options) {
        None => verdict.with("audit", json!(audit)),
        Some(reason) => {
            failed(Outcome::Ambiguous, "weak_tests", reason).with("audit", json!(audit))
        }
    }
}

/// Has the programs made.
fn programs(
    sandbox: &Sandbox,
    solution: &str,
    tests: &Tests,
    options: &AuditOptions,
) -> Result<Vec<Made>, (Outcome, String)> {
    let file = match tests {
        Tests::File(tests) => tests.file.as_str(),
        Tests::Calls(_) | Tests::Streams(_) => "",
    };
    let asked = json!({"mutants": options.mutants, "constants": CONSTANTS, "tests": file});
    let program = Program {
        files: vec![
            ProgramFile::new("solution.py", solution),
            ProgramFile::new("audit.json", asked.to_string()),
        ],
        channel: true,
        ..Program::new(Start::Harness(Harness::Mutants))
    };
    // A hundred copies of the largest solution.
    let limits = Limits { results: 64 << 20, ..Limits::default() };
    let execution =
        sandbox.run(&program, &limits).map_err(|error| (Outcome::Error, error.to_string()))?;
    if !execution.succeeded() {
        let stderr = String::from_utf8_lossy(&execution.stderr);
        let said = stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("");
        return Err(match execution.limit {
            Some(limit) => {
                let reason = format!("making mutants reached the limit on {}", limit.as_str());
                (Outcome::OverBudget, reason)
            }
            None => (Outcome::Error, format!("no mutants could be made: {said}")),
        });
    }
    let lines = execution.results.split(|&b| b == b'\n').filter(|line| !line.is_empty());
    lines
        .map(|line| match serde_json::from_slice(line) {
            Ok(Line::Made(made)) => Ok(made),
            Ok(Line::Unsupported { unsupported }) => Err((Outcome::Unsupported, unsupported)),
            Err(error) => Err((Outcome::Error, error.to_string())),
        })
        .collect()
}

/// Whether the tests expect the same of every call or run, so that a constant passes them. The value
/// itself enters no process.
fn expect_one_thing(tests: &Tests) -> bool {
    fn all_equal<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
        let first = values.next();
        values.all(|value| Some(value) == first)
    }
    match tests {
        Tests::Calls(calls) => all_equal(calls.cases.iter().map(|case| &case.expect)),
        Tests::Streams(runs) => all_equal(runs.cases.iter().map(|case| case.stdout.trim_end())),
        Tests::File(_) => false,
    }
}

/// Limits under which a program that does what the solution did has time enough, and one that runs
/// for ever is soon ended.
fn tight(limits: &Limits, verdict: &Verdict) -> Limits {
    let used = |name: &str| verdict.evidence.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let least = |most: Duration, seconds: f64| match Duration::try_from_secs_f64(seconds) {
        Ok(time) => time.min(most),
        Err(_) => most,
    };
    // Tests in a file have a process of their own under the same limit.
    let cpu = used("cpu_seconds").max(used("tests_cpu_seconds"));
    Limits {
        cpu: least(limits.cpu, 10.0 * cpu + 0.3),
        wall: least(limits.wall, 10.0 * used("wall_seconds") + 2.0),
        ..limits.clone()
    }
}

/// Judges all programs, several at once; the outcomes are in their order.
fn all(made: &[Made], judge: impl Fn(&Made) -> Outcome + Sync) -> Vec<Outcome> {
    let outcomes = Mutex::new(vec![Outcome::Error; made.len()]);
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    std::thread::scope(|scope| {
        for _ in 0..threads.min(made.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(program) = made.get(place) else { break };
                    let outcome = judge(program);
                    let mut outcomes = outcomes.lock().unwrap_or_else(|e| e.into_inner());
                    if let Some(slot) = outcomes.get_mut(place) {
                        *slot = outcome;
                    }
                }
            });
        }
    });
    outcomes.into_inner().unwrap_or_else(|e| e.into_inner())
}

impl Audit {
    fn of(made: &[Made], outcomes: &[Outcome]) -> Self {
        let mut audit = Self {
            empty_fails: true,
            constant_fails: true,
            mutants: 0,
            caught: 0,
            share: None,
            unjudged: 0,
            same_passes: true,
            survivors: Vec::new(),
        };
        for (made, outcome) in made.iter().zip(outcomes) {
            let passes = *outcome == Outcome::Correct;
            let fails = matches!(outcome, Outcome::Wrong | Outcome::OverBudget);
            if made.kind == "same" {
                audit.same_passes &= passes;
                continue;
            }
            audit.unjudged += usize::from(!passes && !fails);
            match made.kind.as_str() {
                "empty" => audit.empty_fails &= fails,
                "fixed" => audit.constant_fails &= fails,
                _ if !passes && !fails => {}
                _ => {
                    audit.mutants += 1;
                    audit.caught += usize::from(fails);
                }
            }
            if passes && audit.survivors.len() < SHOWN {
                audit.survivors.push(json!({
                    "kind": made.kind,
                    "line": made.line,
                    "before": made.before,
                    "after": made.after,
                }));
            }
        }
        if audit.mutants > 0 {
            audit.share = Some(audit.caught as f64 / audit.mutants as f64);
        }
        audit
    }

    /// Why these tests cannot be trusted, if they cannot.
    fn problem(&self, options: &AuditOptions) -> Option<String> {
        if !self.empty_fails {
            return Some("the tests do not refuse a program that does nothing".into());
        }
        if !self.constant_fails {
            return Some("the tests do not refuse a program that returns a constant".into());
        }
        if self.mutants == 0 && self.unjudged > 0 {
            return Some("the tests give no verdict on any mutant of the solution".into());
        }
        let share = self.share.filter(|share| *share < options.least)?;
        Some(format!(
            "the tests catch {} of {} mutants of the solution, {:.0}%; {:.0}% are asked for",
            self.caught,
            self.mutants,
            100.0 * share,
            100.0 * options.least
        ))
    }
}
