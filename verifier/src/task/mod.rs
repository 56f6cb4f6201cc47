//! What can be asked of the verifier: one task, as a line of `verifier check` and as a body of the
//! REST service.
//!
//! A task is a JSON object, read strictly: a key that its kind does not have, a missing one and a
//! value of another type are errors that name the key and what it takes.

mod choice_of_policy;
mod decimal;
mod field;
mod program;
mod read;

use std::fmt::Display;

use lehr_record::{Outcome, Verdict};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::Language;
use crate::code::{AuditOptions, CodePolicy, Tests, check_by, check_with_audit};
use crate::policy::Policy;
use crate::sandbox::{Limits, Sandbox};

/// One thing to be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The caller's name for it, given back with the verdict; null when there is none.
    pub id: Value,
    /// What is to be judged.
    pub question: Question,
}

/// What a task asks, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Whether the final answer of a reply is the known one.
    Answer {
        /// Mathematics or science: the defaults of the policy.
        field: Field,
        /// The known answer.
        gold: String,
        /// The reply.
        pred: String,
        /// What counts as the same answer.
        policy: Policy,
    },
    /// Whether a reply names the right option.
    Choice {
        /// The letter of the right option.
        gold: String,
        /// The texts of the options, in the order of their letters; may be left out.
        options: Vec<String>,
        /// The reply.
        pred: String,
    },
    /// Whether a program does what it should.
    Code(Box<CodeTask>),
}

/// A program to be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeTask {
    /// Its language.
    pub language: Language,
    /// Its text.
    pub solution: String,
    /// What it should do.
    pub tests: Tests,
    /// What counts as the same value.
    pub policy: CodePolicy,
    /// What it may use.
    pub limits: Limits,
    /// Whether its tests are judged too, and how.
    pub audit: Option<AuditOptions>,
}

/// The field of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Exact mathematics ([`Policy::math`]).
    Math,
    /// Measured quantities ([`Policy::science`]).
    Science,
}

impl Task {
    /// Judges the task. The sandbox is asked for when the task is a program, and only then.
    pub fn judge<'s, E: Display>(
        &self,
        sandbox: impl FnOnce() -> Result<&'s Sandbox, E>,
    ) -> Verdict {
        match &self.question {
            Question::Answer { field: Field::Math, gold, pred, policy } => {
                crate::check_math(gold, pred, policy)
            }
            Question::Answer { field: Field::Science, gold, pred, policy } => {
                crate::check_science(gold, pred, policy)
            }
            Question::Choice { gold, options, pred } => crate::check_choice(gold, options, pred),
            Question::Code(task) => match sandbox() {
                Ok(sandbox) => judge_program(sandbox, task),
                Err(error) => Verdict::new(Outcome::Error, error.to_string()),
            },
        }
    }

    /// Whether it is a program, which takes a sandbox.
    pub fn needs_sandbox(&self) -> bool {
        matches!(self.question, Question::Code(_))
    }
}

fn judge_program(sandbox: &Sandbox, task: &CodeTask) -> Verdict {
    let CodeTask { language, solution, tests, policy, limits, audit } = task;
    match audit {
        None => check_by(sandbox, *language, solution, tests, limits, policy),
        Some(audit) => check_with_audit(sandbox, *language, solution, tests, limits, policy, audit),
    }
}

/// A verdict with the name of its task, as it is written: the evidence stands beside the verdict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// The task's `id`.
    pub id: Value,
    /// What was found.
    pub verdict: Outcome,
    /// Why.
    pub reason: String,
    /// What that rests on.
    #[serde(flatten)]
    pub evidence: Map<String, Value>,
}

impl Judged {
    /// The verdict on the task of this name.
    pub fn new(id: Value, verdict: Verdict) -> Self {
        Self { id, verdict: verdict.verdict, reason: verdict.reason, evidence: verdict.evidence }
    }
}
