use serde::{Deserialize, Serialize};

/// What is done when a dataset cannot give what the recipe asks of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnShortfall {
    /// The mix is not made; the error says by how much each dataset falls short.
    #[default]
    Error,
    /// The whole mix is made smaller, so that its proportions are kept.
    Scale,
    /// What is there is taken; the manifest says which share was reached.
    Accept,
}

/// What is done with a document that overlaps with a registered benchmark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decontamination {
    /// It is left out and counted.
    #[default]
    Drop,
    /// It stays and is counted.
    Report,
}

/// The order of the training documents. Either way the datasets of an earlier phase come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MixOrder {
    /// Drawn by the seed.
    #[default]
    Shuffle,
    /// Easy ones first; those of unknown difficulty are spread evenly among the others, and the seed
    /// decides between equals.
    Curriculum,
}

/// What counts as the same document twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MixDedup {
    /// Whether documents that are much like an earlier one are left out too, and not only exact
    /// duplicates.
    pub near: bool,
    /// The Jaccard similarity of two documents' shingles from which they are near duplicates, in
    /// [0.5, 1].
    pub similarity: f64,
}

impl Default for MixDedup {
    fn default() -> Self {
        Self { near: true, similarity: 0.8 }
    }
}

/// Which documents are good enough.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixQuality {
    /// The least score of the heuristics, in [0, 1].
    pub minimum: f64,
}
