use lehr_record::{Outcome, Verdict};

use crate::budget::OverBudget;

/// What a comparison came to: an outcome, a reason for machines and one for people.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The outcome.
    pub outcome: Outcome,
    /// Why, in a few stable words: `equal`, `dimension`, `sign`.
    pub code: &'static str,
    /// Why, in one sentence.
    pub reason: String,
}

impl Finding {
    fn new(outcome: Outcome, code: &'static str, reason: impl Into<String>) -> Self {
        Self { outcome, code, reason: reason.into() }
    }

    pub(crate) fn correct(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(Outcome::Correct, code, reason)
    }

    pub(crate) fn wrong(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(Outcome::Wrong, code, reason)
    }

    pub(crate) fn ambiguous(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(Outcome::Ambiguous, code, reason)
    }

    pub(crate) fn unsupported(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(Outcome::Unsupported, code, reason)
    }

    pub(crate) fn unparseable(code: &'static str, reason: impl Into<String>) -> Self {
        Self::new(Outcome::Unparseable, code, reason)
    }

    /// Whether both are the same answer.
    pub fn is_correct(&self) -> bool {
        self.outcome == Outcome::Correct
    }

    /// Whether they surely are not.
    pub fn is_wrong(&self) -> bool {
        self.outcome == Outcome::Wrong
    }
}

impl From<OverBudget> for Finding {
    fn from(over: OverBudget) -> Self {
        Self::new(Outcome::OverBudget, over.limit, over.what)
    }
}

impl From<Finding> for Verdict {
    fn from(finding: Finding) -> Self {
        Self::new(finding.outcome, finding.reason).with("code", finding.code)
    }
}
