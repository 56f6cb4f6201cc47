use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Digest;

/// Where a sample starts: a problem with a known answer, or a topic to ask about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seed {
    /// The source: a seed family that ships with lehr (`family:NAME`) or a user's file and line.
    pub source: String,
    /// The values that the recipe's templates may use, by name.
    pub vars: Map<String, Value>,
    /// The problem, when the seed states one; a recipe may instead have the model write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
}

impl Seed {
    /// What this seed is, apart from its place in a plan: equal seeds have equal digests.
    pub fn digest(&self) -> Digest {
        Digest::of_json(self)
    }
}

/// A problem to solve, and how a solution is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// The statement, complete in itself.
    pub statement: String,
    /// The options of a multiple-choice question, without their letters; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// What a right solution must give.
    pub expected: Expected,
}

/// What a right solution must give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Expected {
    /// A final answer: a number, or an expression.
    Answer {
        /// The answer as it would be written on paper.
        answer: String,
    },
    /// One of the problem's options.
    Choice {
        /// Its letter, from `A`.
        letter: char,
    },
    /// A program that passes these tests.
    Tests {
        /// The tests. They never enter the process that runs the program.
        tests: CallTests,
    },
    /// Not known: settled by the agreement of several answers.
    Votes {
        /// How many answers to ask for.
        answers: u32,
        /// How many of them must agree.
        agree: u32,
    },
}

/// Tests of one function by calls with known results.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallTests {
    /// The name of the function.
    pub function: String,
    /// The calls, at least one.
    pub cases: Vec<CallCase>,
}

/// One call and the value that it must return.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallCase {
    /// Positional arguments, as JSON values.
    pub args: Vec<Value>,
    /// The expected result, compared with types: `1`, `1.0`, `true` and `"1"` are four values.
    pub expect: Value,
}
