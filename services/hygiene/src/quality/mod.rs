//! Quality: is a text worth training on?
//!
//! ```text
//! text ─► segments (prose, mathematics, code) ─► words, lines ─► rules ─► Quality { score, reasons }
//!   └───► QualityModel (a classifier, or a language model that follows the rubric) ─► 1 to 5
//! ```
//!
//! [`assess`] applies heuristics. Most are those of Gopher (Rae et al. 2021, appendix A.1.1 and table
//! A1), which were made for pages of the web: what reasoning data are full of, formulas and code, is set
//! apart first, and the limits differ by [`TextKind`]. Every point that is taken off has a [`Reason`] with what
//! was measured and the limit. [`QualityModel`] is for what only reading can tell: whether a text
//! explains anything.

mod classifier;
mod criteria;
mod documents;
mod encoding;
mod error;
mod formatting;
mod labels;
mod language;
mod length;
mod phrases;
mod reason;
mod repetition;
mod rubric;
mod segments;
mod symbols;
mod words;

pub use classifier::SequenceClassifier;
pub use criteria::{Limits, QualityCriteria, TextKind};
pub use documents::{QualitySummary, assess_documents};
pub use error::QualityError;
pub use reason::{Reason, Rule};
pub use rubric::{parse_score, rubric_prompt};

use serde::Serialize;

use segments::Segments;
use words::Words;

/// What the heuristics say of a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// From 0 to 1; 1 when no rule is broken. The product of 1 - [`Reason::penalty`] over the reasons.
    pub score: f32,
    /// Whether the score reaches [`Limits::least_score`].
    pub good: bool,
    /// The language of its prose, as in ISO 639-3; `None` when there is too little prose to tell.
    pub language: Option<&'static str>,
    /// The rules that it breaks, in the order of [`Rule`].
    pub reasons: Vec<Reason>,
}

/// Scores texts by a model.
pub trait QualityModel: Send + Sync {
    /// Names exactly what scores: the model, and what is put to it.
    fn identity(&self) -> String;

    /// The scores of `texts`, in their order, each from 1 (worthless) to 5 (excellent).
    ///
    /// # Errors
    /// When a text has no score: a failure is never a score.
    fn score(&self, texts: &[&str]) -> Result<Vec<f32>, QualityError>;
}

/// Applies the heuristics to a text. Depends on the text and the criteria alone; takes time in proportion to
/// the length, and memory in proportion up to a bound.
pub fn assess(text: &str, criteria: &QualityCriteria) -> Quality {
    let limits = &criteria.limits;
    let segments = Segments::of(text, criteria.kind);
    let words = Words::of(text, &segments);
    let language = language::of(&words);
    let mut reasons = Vec::new();
    language::check(language, &words, limits, &mut reasons);
    length::check(&words, language, limits, &mut reasons);
    repetition::check(text, &words, limits, &mut reasons);
    symbols::check(text, &segments, &words, limits, &mut reasons);
    encoding::check(text, limits, &mut reasons);
    formatting::check(text, &segments, criteria, &mut reasons);
    phrases::check(text, &segments, &mut reasons);
    reasons.sort_by_key(|reason| reason.rule);
    let score = reasons.iter().map(|reason| 1.0 - reason.penalty).product::<f64>();
    Quality { score: score as f32, good: score >= limits.least_score, language, reasons }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
