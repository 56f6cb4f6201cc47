mod lines;
mod pool;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use lehr_record::{Outcome, Verdict};
use lehr_verifier::sympy::{SymPy, SymPyError};
use lehr_verifier::task::{Judged, Question, Task};
use lehr_verifier::{Sandbox, SandboxOptions};
use serde_json::Value;

use self::lines::{Line, Lines, MAX_LINE};
use self::pool::{Broken, Done};
use super::Usage;

/// The sandbox, made when the first program comes.
struct Lazy {
    options: SandboxOptions,
    sandbox: OnceLock<Result<Sandbox, String>>,
}

impl Lazy {
    fn get(&self) -> Result<&Sandbox, &str> {
        let made = self
            .sandbox
            .get_or_init(|| Sandbox::new(self.options.clone()).map_err(|e| e.to_string()));
        made.as_ref().map_err(String::as_str)
    }
}

pub(super) fn check(
    file: Option<&Path>,
    options: SandboxOptions,
    with_sympy: bool,
    jobs: usize,
) -> anyhow::Result<ExitCode> {
    let input: Box<dyn Read> = match file {
        Some(path) => Box::new(super::open(path)?),
        None => Box::new(std::io::stdin().lock()),
    };
    let sandbox = Lazy { options, sandbox: OnceLock::new() };
    let sympy = if with_sympy { Some(second_opinion(&sandbox)?) } else { None };
    let all_judged = AtomicBool::new(true);
    let output = std::io::BufWriter::new(std::io::stdout());
    let done = pool::run(jobs, Lines::new(input), output, |line| {
        let judged = judge(&line, &sandbox, sympy.as_ref());
        if line.text.is_none() || judged.verdict == Outcome::Error {
            all_judged.store(false, Ordering::Relaxed);
        }
        // What a process was started for is waited for.
        let slow =
            ["exit", "second_opinion"].iter().any(|name| judged.evidence.contains_key(*name));
        Done { text: written(&judged), slow }
    });
    match done {
        Ok(()) => {}
        Err(Broken::Input(error)) => return Err(error).context("the input cannot be read"),
        Err(Broken::Output(error)) => return Err(error).context("standard output"),
    }
    Ok(if all_judged.into_inner() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// SymPy, before the first line is read: whoever asks for it is told at once that it is missing.
fn second_opinion(sandbox: &Lazy) -> anyhow::Result<SymPy<'_>> {
    let made = sandbox.get().map_err(|error| anyhow::anyhow!("{error}"));
    match SymPy::find(made.context("--with sympy runs in the sandbox")?) {
        Ok(sympy) => Ok(sympy),
        Err(error @ SymPyError::Missing(_)) => Err(Usage(format!("--with sympy: {error}")).into()),
        Err(error) => Err(error).context("--with sympy"),
    }
}

fn written(judged: &Judged) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(judged).unwrap_or_else(|error| {
        // Names and verdicts are JSON already, so this does not come; a line is a line.
        format!(r#"{{"id":null,"verdict":"error","reason":"the verdict: {error:?}"}}"#).into_bytes()
    });
    bytes.push(b'\n');
    bytes
}

fn judge(line: &Line, sandbox: &Lazy, sympy: Option<&SymPy<'_>>) -> Judged {
    let number = line.number;
    let Some(text) = &line.text else {
        let reason = format!("line {number} has more than {MAX_LINE} bytes");
        return Judged::new(Value::Null, Verdict::new(Outcome::OverBudget, reason));
    };
    // The line break is not part of it: an error at its end belongs to its last column.
    let text = text.trim_ascii_end();
    let task: Task = match serde_json::from_slice(text) {
        Ok(task) => task,
        Err(error) => return fault(text, number, &error),
    };
    // A verifier that panics says nothing about this line, and the others have their verdicts.
    let verdict = catch_unwind(AssertUnwindSafe(|| {
        let verdict = task.judge(|| sandbox.get());
        match (sympy, &task.question) {
            (Some(sympy), Question::Answer { .. }) => sympy.review(verdict),
            _ => verdict,
        }
    }));
    let verdict = verdict.unwrap_or_else(|_| {
        Verdict::new(Outcome::Error, format!("line {number}: the verifier failed"))
    });
    Judged::new(task.id, verdict)
}

/// What is said of a line that is no task, under its name where it has one.
fn fault(text: &[u8], number: u64, error: &serde_json::Error) -> Judged {
    let malformed = |error: &serde_json::Error| {
        let place = format!("line {number}, column {}", error.column());
        let text = error.to_string();
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        Verdict::new(Outcome::Error, format!("{place}: {what}"))
            .with("line", number)
            .with("column", error.column())
    };
    match serde_json::from_slice::<Value>(text) {
        Ok(mut value) => {
            let id = value.get_mut("id").map(Value::take).unwrap_or_default();
            Judged::new(id, malformed(error))
        }
        // It is not JSON at all.
        Err(error) => Judged::new(Value::Null, malformed(&error)),
    }
}
