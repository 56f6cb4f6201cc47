use serde::{Deserialize, Serialize};

/// Which texts are embedded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Embed {
    /// None: paraphrases are settled by their terms alone, by a stricter rule.
    Off,
    /// Passages that share rare terms with an item: what bulk checks can afford.
    #[default]
    Candidates,
    /// Every passage, against every item: for seeds and samples, which cost a model call each.
    All,
}

/// The thresholds of paraphrases. Unknown keys are refused; every key has a default.
///
/// The defaults were chosen on word problems and questions that were written in several ways for the
/// purpose; see `tests/hygiene_quality.rs` for what they reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ParaphraseCriteria {
    /// Which texts are embedded.
    pub embed: Embed,
    /// The share of an item's terms, by weight, from which it is a candidate, in (0, 1].
    pub candidate_share: f64,
    /// The most candidates of a text that are settled.
    pub candidates: usize,
    /// The share of an item's numbers that must be in the passage, in (0, 1].
    pub numbers: f64,
    /// The share of the passage's numbers that may be foreign to the item, in [0, 1].
    pub foreign: f64,
    /// The cosine needed when several rare numbers agree, in (0, 1].
    pub cosine_numbers: f64,
    /// The cosine needed when there is one number or none, in (0, 1].
    pub cosine_words: f64,
    /// The cosine needed of a question of at most [`crate::Criteria::short_words`] words, in (0, 1]: it
    /// has few words to tell it from others on its subject.
    pub cosine_short: f64,
    /// How far around these cosines a judge, if there is one, is asked.
    pub grey: f64,
    /// The share of terms needed without an embedding, in (0, 1].
    pub share_alone: f64,
}

impl Default for ParaphraseCriteria {
    fn default() -> Self {
        Self {
            embed: Embed::default(),
            candidate_share: 0.3,
            candidates: 4,
            numbers: 0.8,
            foreign: 0.4,
            cosine_numbers: 0.57,
            cosine_words: 0.72,
            cosine_short: 0.9,
            grey: 0.15,
            share_alone: 0.5,
        }
    }
}
