//! How texts are checked: the thresholds, and the models that settle what words cannot.

use std::sync::Arc;

use lehr_record::Digest;
use serde::{Deserialize, Serialize};

use crate::criteria::Criteria;
use crate::embedding::Embedder;

/// Says whether two texts ask the same question. Asked only about candidates that word overlap and
/// embeddings leave open.
pub trait ParaphraseJudge: Send + Sync {
    /// Names exactly what judges: the model and the wording of the question put to it.
    fn identity(&self) -> String;

    /// Whether `text` asks what `item` of a benchmark asks.
    ///
    /// # Errors
    /// When no answer could be had, in words. The text then counts as contaminated: a judge that
    /// fails never means clean.
    fn same(&self, text: &str, item: &str) -> Result<bool, String>;
}

/// What a check does with a contaminated text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Leaves it where it is, with the finding.
    Report,
    /// Keeps it out.
    #[default]
    Drop,
}

/// Everything besides the benchmarks that decides a check.
#[derive(Clone, Default)]
pub struct Rules {
    /// The thresholds.
    pub criteria: Criteria,
    /// Finds paraphrases by meaning; without one they are settled by their rare words alone.
    pub embedder: Option<Arc<Embedder>>,
    /// Settles paraphrases that the rule leaves open; without one the rule settles them.
    pub judge: Option<Arc<dyn ParaphraseJudge>>,
}

impl std::fmt::Debug for Rules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rules").field("criteria", &self.criteria).finish_non_exhaustive()
    }
}

impl Rules {
    /// Names exactly these rules; samples and mixes record it.
    pub fn digest(&self) -> Digest {
        let judge = self.judge.as_ref().map(|judge| judge.identity());
        let embedder = self.embedder.as_ref().map(|embedder| embedder.identity());
        Digest::of_json(&(&self.criteria, embedder, judge))
    }
}
