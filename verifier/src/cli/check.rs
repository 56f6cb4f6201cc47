use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use lehr_record::{CallTests, Outcome, Verdict};
use lehr_verifier::{
    Language, Limits, Sandbox, SandboxOptions, check_choice, check_math, check_program,
};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The longest line, in bytes.
const MAX_LINE: u64 = 32 << 20;

/// What every line says: how to read the rest.
#[derive(Deserialize)]
struct Head {
    kind: Kind,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Math,
    /// Judged as a number until units can be converted.
    Science,
    Choice,
    Code,
}

/// An answer in a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    gold: String,
    pred: String,
}

/// A choice in a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    gold: char,
    pred: String,
    #[serde(default)]
    options: Vec<String>,
}

/// A program in a line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    #[serde(rename = "id")]
    _id: IgnoredAny,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    language: Language,
    solution: String,
    tests: CallTests,
}

/// One line of output.
#[derive(Serialize)]
struct Judged {
    id: Value,
    verdict: Outcome,
    reason: String,
    #[serde(flatten)]
    evidence: serde_json::Map<String, Value>,
}

/// The sandbox, made when the first program comes.
struct Lazy {
    options: Option<SandboxOptions>,
    sandbox: Option<Result<Sandbox, String>>,
}

impl Lazy {
    fn get(&mut self) -> Result<&Sandbox, &str> {
        let options = self.options.take().unwrap_or_default();
        let made =
            self.sandbox.get_or_insert_with(|| Sandbox::new(options).map_err(|e| e.to_string()));
        made.as_ref().map_err(String::as_str)
    }
}

pub(super) fn check(file: Option<&Path>, options: SandboxOptions) -> anyhow::Result<ExitCode> {
    let mut input: Box<dyn BufRead> = match file {
        Some(path) => Box::new(BufReader::new(super::open(path)?)),
        None => Box::new(std::io::stdin().lock()),
    };
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let mut sandbox = Lazy { options: Some(options), sandbox: None };
    let mut all_judged = true;
    let mut number = 0u64;
    while let Some(line) = next_line(&mut input).context("the input cannot be read")? {
        number += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let readable = line.len() as u64 <= MAX_LINE;
        let (id, verdict) = if readable {
            judge(&line, number, &mut sandbox)
        } else {
            let reason = format!("line {number} has more than {MAX_LINE} bytes");
            (Value::Null, Verdict::new(Outcome::OverBudget, reason))
        };
        all_judged &= readable && verdict.verdict != Outcome::Error;
        let judged = Judged {
            id,
            verdict: verdict.verdict,
            reason: verdict.reason,
            evidence: verdict.evidence,
        };
        serde_json::to_writer(&mut output, &judged).context("standard output")?;
        output.write_all(b"\n").and_then(|()| output.flush()).context("standard output")?;
    }
    Ok(if all_judged { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The next line; of one that is too long only a little more than the bound is kept.
fn next_line(input: &mut dyn BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    if input.take(MAX_LINE + 1).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.len() as u64 > MAX_LINE && line.last() != Some(&b'\n') {
        // The rest goes by in pieces.
        let mut rest = Vec::new();
        while input.take(1 << 16).read_until(b'\n', &mut rest)? > 0 && rest.last() != Some(&b'\n') {
            rest.clear();
        }
    }
    Ok(Some(line))
}

fn judge(line: &[u8], number: u64, sandbox: &mut Lazy) -> (Value, Verdict) {
    // The line break is not part of it: an error at its end belongs to its last column.
    let line = line.trim_ascii_end();
    let malformed = |error: &serde_json::Error| {
        let place = format!("line {number}, column {}", error.column());
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or(&text);
        Verdict::new(Outcome::Error, format!("{place}: {what}"))
            .with("line", number)
            .with("column", error.column())
    };
    let value: Value = match serde_json::from_slice(line) {
        Ok(value) => value,
        Err(error) => return (Value::Null, malformed(&error)),
    };
    let id = value.get("id").cloned().unwrap_or(Value::Null);
    (id, judge_as(line, sandbox).unwrap_or_else(|error| malformed(&error)))
}

/// Reads the line by its kind; from the text again, for the sake of the column of an error.
fn judge_as(line: &[u8], sandbox: &mut Lazy) -> serde_json::Result<Verdict> {
    Ok(match serde_json::from_slice::<Head>(line)?.kind {
        Kind::Math | Kind::Science => {
            let answer: Answer = serde_json::from_slice(line)?;
            check_math(&answer.gold, &answer.pred)
        }
        Kind::Choice => {
            let choice: Choice = serde_json::from_slice(line)?;
            check_choice(choice.gold, &choice.options, &choice.pred)
        }
        Kind::Code => {
            let code: Code = serde_json::from_slice(line)?;
            match (code.language, sandbox.get()) {
                (Language::Python, Ok(sandbox)) => {
                    check_program(sandbox, &code.solution, &code.tests, &Limits::default())
                }
                (_, Err(error)) => Verdict::new(Outcome::Error, error),
            }
        }
    })
}
