use std::fmt;

use lehr_record::{Expected, Problem, Reply, Sampling};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A step of a recipe at which the model is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The model writes a problem.
    Question,
    /// The model solves the problem.
    Answer,
}

impl Stage {
    /// The name used in recipes and in a sample's attempts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Answer => "answer",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a reply of the question stage holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionFormat {
    /// A question and four options, each on its line after `A)` to `D)`.
    ChoiceQuestion,
}

/// What a reply of the answer stage holds, and so which problems a recipe can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerFormat {
    /// A worked solution that ends in a number or expression.
    FinalAnswer,
    /// One Python function in a fenced block.
    PythonFunction,
    /// An explanation that ends in the letter of an option.
    ChoiceLetter,
}

/// One stage of a recipe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageSpec<Format> {
    /// How a reply is read.
    pub format: Format,
    /// The system message, if any: a template.
    #[serde(default)]
    pub system: Option<String>,
    /// The user message: a template.
    pub user: String,
    /// Worked examples shown to the model before the task, in order.
    #[serde(default, rename = "shot")]
    pub shots: Vec<Shot>,
    /// The fewest characters of a reply, without blanks at its ends; at least 1.
    #[serde(default = "one")]
    pub min_chars: usize,
    /// Texts of which a reply must contain at least one, in any case; no such demand when empty.
    #[serde(default)]
    pub require_any: Vec<String>,
    /// How tokens are drawn.
    pub sampling: DrawSettings,
}

fn one() -> usize {
    1
}

/// A worked example: what the templates are filled with, and the model's reply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shot {
    /// The seed's values, in the question stage.
    #[serde(default)]
    pub vars: Map<String, Value>,
    /// The problem's statement, in the answer stage.
    #[serde(default)]
    pub statement: Option<String>,
    /// The problem's options.
    #[serde(default)]
    pub options: Vec<String>,
    /// The name of the function to write.
    #[serde(default)]
    pub function: Option<String>,
    /// The reply.
    pub reply: String,
}

/// How tokens are drawn, apart from the seed of the draw. Ranges as in [`Sampling`].
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawSettings {
    /// 0 takes the likeliest token; otherwise the softmax temperature, at most 2.
    pub temperature: f64,
    /// The nucleus, in (0, 1].
    pub top_p: f64,
    /// Only so many of the likeliest tokens are considered; at least 1.
    pub top_k: u32,
    /// The most tokens of a reply, 1 to 32,768.
    pub max_tokens: u32,
}

impl DrawSettings {
    /// The complete settings of one call.
    pub fn with_seed(self, seed: u64) -> Sampling {
        let Self { temperature, top_p, top_k, max_tokens } = self;
        Sampling { temperature, top_p, top_k, max_tokens, seed }
    }

    /// The first field out of its range, with the remedy.
    pub(super) fn fault(&self) -> Option<(&'static str, String)> {
        if !(0.0..=2.0).contains(&self.temperature) {
            return Some(("temperature", format!("is {}; allowed are 0 to 2", self.temperature)));
        }
        if !(self.top_p > 0.0 && self.top_p <= 1.0) {
            return Some(("top_p", format!("is {}; allowed is above 0 up to 1", self.top_p)));
        }
        if self.top_k == 0 {
            return Some(("top_k", "is 0; give 1 or more".into()));
        }
        if !(1..=32_768).contains(&self.max_tokens) {
            return Some(("max_tokens", format!("is {}; allowed are 1 to 32768", self.max_tokens)));
        }
        None
    }
}

/// What a reply gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// The question stage: the problem that the model wrote, to be settled by votes.
    Problem(Problem),
    /// The answer stage: the reply has the form that the recipe asks for. Whether it is right, and
    /// what its answer is, the verifier finds.
    Answer,
}

/// Why a reply cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ParseFailure {
    /// One sentence that says what is missing or wrong.
    pub reason: String,
}

impl ParseFailure {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

/// Why a problem does not fit a recipe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} {message}")]
pub struct Unfit {
    /// The field of the problem: `statement`, `options` or `expected`.
    pub field: &'static str,
    /// What is wrong and the remedy.
    pub message: String,
}

/// The longest reply that is read, in bytes.
const LONGEST_REPLY: usize = 256 * 1024;

impl<Format> StageSpec<Format> {
    /// Checks what holds for every format: the reply ended by itself, is neither too short nor too
    /// long, and contains what the recipe asks for.
    pub(super) fn check_reply(&self, reply: &Reply) -> Result<(), ParseFailure> {
        let text = reply.text.trim();
        if !reply.finished {
            return Err(ParseFailure::new("the reply was cut off before its end"));
        }
        if text.len() > LONGEST_REPLY {
            return Err(ParseFailure::new(format!(
                "the reply is longer than {LONGEST_REPLY} bytes"
            )));
        }
        let chars = text.chars().count();
        if chars < self.min_chars {
            return Err(ParseFailure::new(format!(
                "the reply has {chars} characters, fewer than {}",
                self.min_chars
            )));
        }
        let lower = text.to_lowercase();
        let found = self.require_any.iter().any(|wanted| lower.contains(&wanted.to_lowercase()));
        if !found && !self.require_any.is_empty() {
            let wanted: Vec<String> =
                self.require_any.iter().map(|wanted| format!("`{wanted}`")).collect();
            return Err(ParseFailure::new(format!("the reply has no {}", wanted.join(" or "))));
        }
        Ok(())
    }
}

impl AnswerFormat {
    /// Checks that a reply has this form.
    pub(super) fn check_reply(self, text: &str) -> Result<(), ParseFailure> {
        match self {
            Self::FinalAnswer | Self::ChoiceLetter => Ok(()),
            Self::PythonFunction => {
                let fences =
                    text.lines().filter(|line| line.trim_start().starts_with("```")).count();
                if fences < 2 {
                    return Err(ParseFailure::new("the reply has no closed block of code"));
                }
                if !text.contains("def ") {
                    return Err(ParseFailure::new("the reply defines no function"));
                }
                Ok(())
            }
        }
    }

    /// Checks that a recipe of this format can take the problem.
    pub(super) fn accepts(self, problem: &Problem) -> Result<(), Unfit> {
        let unfit = |field, message: &str| Err(Unfit { field, message: message.to_owned() });
        if problem.statement.trim().is_empty() {
            return unfit("statement", "is empty; state the problem");
        }
        let options = problem.options.len();
        match (self, &problem.expected) {
            (Self::FinalAnswer, Expected::Answer { .. } | Expected::Votes { .. })
                if options == 0 =>
            {
                Ok(())
            }
            (Self::PythonFunction, Expected::Tests { tests }) if options == 0 => {
                if tests.cases.is_empty() {
                    return unfit("expected", "has no test case; give at least one");
                }
                if !is_python_name(&tests.function) {
                    return unfit("expected", "names a function that is not a Python name");
                }
                Ok(())
            }
            (Self::ChoiceLetter, Expected::Choice { .. } | Expected::Votes { .. })
                if !(2..=26).contains(&options) =>
            {
                unfit("options", "must be 2 to 26")
            }
            (Self::ChoiceLetter, Expected::Choice { letter }) => {
                if !('A'..='Z').zip(&problem.options).any(|(known, _)| known == *letter) {
                    return unfit("expected", "is a letter that no option has");
                }
                Ok(())
            }
            (Self::ChoiceLetter, Expected::Votes { .. }) => Ok(()),
            (Self::FinalAnswer, Expected::Answer { .. } | Expected::Votes { .. })
            | (Self::PythonFunction, Expected::Tests { .. }) => {
                unfit("options", "must be empty; this recipe asks no multiple-choice questions")
            }
            (Self::FinalAnswer, _) => unfit("expected", "must be of type `answer` or `votes`"),
            (Self::PythonFunction, _) => unfit("expected", "must be of type `tests`"),
            (Self::ChoiceLetter, _) => unfit("expected", "must be of type `choice` or `votes`"),
        }
    }
}

fn is_python_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_ascii_alphabetic())
        && chars.all(|c| c == '_' || c.is_ascii_alphanumeric())
}
