//! A second opinion of SymPy on answers that this verifier does not judge.
//!
//! SymPy runs in the sandbox, one process a pair. Unlike a program under test, that process is
//! given the expected answer: it is a judge, and runs no code but its own. The answer's text is
//! parsed and never evaluated, so it cannot speak in SymPy's name.
//!
//! An opinion can only turn `unsupported` into `correct`, and only when the difference of two
//! wholly understood expressions simplifies to 0. That they differ stays `unsupported`: whether a
//! failure to simplify means a difference is SymPy's guess. Opinions are bounded in time and not in
//! steps, so under a heavy load one may be `unknown` that was `equal` before.

use std::time::Duration;

use lehr_record::{Outcome, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::clip;
use crate::sandbox::{Limits, Program, ProgramFile, Sandbox, SandboxError, Start};

const DRIVER: &str = include_str!("driver.py");
const EXPRESSION: &str = include_str!("expression.py");
/// The longest text that is given to SymPy, in bytes.
const MAX_TEXT: usize = 2_000;

/// SymPy in a sandbox.
#[derive(Debug)]
pub struct SymPy<'s> {
    sandbox: &'s Sandbox,
    version: String,
}

/// Why there is no second opinion here.
#[derive(Debug, thiserror::Error)]
pub enum SymPyError {
    /// The interpreter lacks it.
    #[error(
        "the interpreter {0} has no SymPy; install it there (pip install sympy), or name one that \
         has it by --python"
    )]
    Missing(String),
    /// The driver did not come to its end.
    #[error("SymPy does not start in the sandbox: {0}")]
    Start(String),
    /// The sandbox failed.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// What SymPy says of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// The difference simplifies to 0.
    Equal,
    /// The difference is shown not to be 0.
    Different,
    /// Neither, or a text is not understood, or a limit was reached.
    Unknown,
}

/// The line that the driver sends.
#[derive(Debug, Deserialize)]
struct Line {
    version: Option<String>,
    says: Says,
    why: Option<String>,
}

impl<'s> SymPy<'s> {
    /// Looks for SymPy in the sandbox's interpreter.
    ///
    /// # Errors
    /// When it has none, or does not run.
    pub fn find(sandbox: &'s Sandbox) -> Result<Self, SymPyError> {
        let line = ask(sandbox, &Value::Null)?.map_err(SymPyError::Start)?;
        match line.version {
            Some(version) => Ok(Self { sandbox, version }),
            None => Err(SymPyError::Missing(sandbox.python().executable.display().to_string())),
        }
    }

    /// The verdict with SymPy's opinion, where it was `unsupported` and both texts are short.
    ///
    /// The texts are the verdict's own `answer` and `gold`: what was taken out of the reply and of
    /// the known answer.
    pub fn review(&self, verdict: Verdict) -> Verdict {
        if verdict.verdict != Outcome::Unsupported {
            return verdict;
        }
        let text = |name: &str| {
            let text = verdict.evidence.get(name).and_then(Value::as_str)?;
            // Evidence that was cut off ends so; its whole text is not here.
            (text.len() <= MAX_TEXT && !text.ends_with('…')).then(|| text.to_owned())
        };
        let (Some(answer), Some(gold)) = (text("answer"), text("gold")) else { return verdict };
        let (says, why) = match ask(self.sandbox, &json!({"answer": answer, "gold": gold})) {
            Ok(Ok(line)) => (line.says, line.why),
            Ok(Err(why)) => (Says::Unknown, Some(why)),
            Err(error) => (Says::Unknown, Some(error.to_string())),
        };
        with_opinion(verdict, &self.version, says, why)
    }
}

fn with_opinion(verdict: Verdict, version: &str, says: Says, why: Option<String>) -> Verdict {
    let Verdict { verdict: outcome, reason, evidence } = verdict;
    let (outcome, reason) = match says {
        Says::Equal => (
            Outcome::Correct,
            "SymPy, asked for a second opinion, finds the answer equal to the known one: their \
             difference simplifies to 0"
                .to_owned(),
        ),
        Says::Different => {
            (outcome, format!("{reason}; SymPy, asked for a second opinion, finds them different"))
        }
        Says::Unknown => {
            (outcome, format!("{reason}; SymPy, asked for a second opinion, cannot tell"))
        }
    };
    let mut opinion = json!({"by": "sympy", "version": version, "says": says});
    if let (Some(why), Some(fields)) = (why, opinion.as_object_mut()) {
        fields.insert("why".into(), why.into());
    }
    Verdict { verdict: outcome, reason, evidence }.with("second_opinion", opinion)
}

/// Runs the driver on a pair; the inner error says why it gave no line.
fn ask(sandbox: &Sandbox, pair: &Value) -> Result<Result<Line, String>, SandboxError> {
    let file = |name: &str, bytes: Vec<u8>| ProgramFile::new(name, bytes);
    let program = Program {
        files: vec![
            file("driver.py", DRIVER.into()),
            file("expression.py", EXPRESSION.into()),
            file("pair.json", pair.to_string().into_bytes()),
        ],
        channel: true,
        ..Program::new(Start::Script("driver.py".into()))
    };
    // SymPy takes seconds to be imported where nothing of it is compiled yet.
    let limits =
        Limits { cpu: Duration::from_secs(10), wall: Duration::from_secs(30), ..Limits::default() };
    let execution = sandbox.run(&program, &limits)?;
    if let Some(limit) = execution.limit {
        return Ok(Err(format!("the limit on {} was reached", limit.as_str())));
    }
    Ok(serde_json::from_slice(&execution.results).map_err(|_| {
        let said = String::from_utf8_lossy(&execution.stderr);
        clip(said.lines().last().unwrap_or("the driver ended without a word"), 300)
    }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
