use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a verifier found. Only [`Outcome::Correct`] lets a candidate pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Shown to be right.
    Correct,
    /// Shown to be wrong.
    Wrong,
    /// No answer or program could be read from the reply.
    Unparseable,
    /// Understood, but not judged: of a kind this verifier cannot judge, or not to be asked at all.
    Unsupported,
    /// A stated limit (time, memory, output, steps) was reached first.
    OverBudget,
    /// The reply can be read in more than one way, or the votes do not settle it.
    Ambiguous,
    /// The verifier itself failed; says nothing about the candidate.
    Error,
}

impl Outcome {
    /// Every outcome, in the order of the declaration.
    pub const ALL: [Self; 7] = [
        Self::Correct,
        Self::Wrong,
        Self::Unparseable,
        Self::Unsupported,
        Self::OverBudget,
        Self::Ambiguous,
        Self::Error,
    ];

    /// The name used in JSON and in the funnel.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Correct => "correct",
            Self::Wrong => "wrong",
            Self::Unparseable => "unparseable",
            Self::Unsupported => "unsupported",
            Self::OverBudget => "over_budget",
            Self::Ambiguous => "ambiguous",
            Self::Error => "error",
        }
    }
}

/// An outcome with the reason for it and the evidence behind it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// What was found.
    pub verdict: Outcome,
    /// One sentence that says why, for people.
    pub reason: String,
    /// What the reason rests on: extracted answers, failing cases, limits, votes.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub evidence: Map<String, Value>,
}

impl Verdict {
    /// A verdict without evidence so far.
    pub fn new(verdict: Outcome, reason: impl Into<String>) -> Self {
        Self { verdict, reason: reason.into(), evidence: Map::new() }
    }

    /// The same verdict with one more piece of evidence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.evidence.insert(name.to_owned(), value.into());
        self
    }

    /// Whether the candidate passes.
    pub fn is_correct(&self) -> bool {
        self.verdict == Outcome::Correct
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_with_json() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::json!(outcome), serde_json::json!(outcome.as_str()));
        }
    }
}
