use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Digest;

/// Which columns of a benchmark's file hold what. Of an empty list, the columns that publishers
/// usually give that name are read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BenchmarkColumns {
    /// The item's identifier.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub id: Vec<String>,
    /// The question or problem.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub question: Vec<String>,
    /// The answer, short or long.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answer: Vec<String>,
    /// A worked solution in prose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub solution: Vec<String>,
    /// A program.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<String>,
    /// The options of a multiple-choice question.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
}

impl BenchmarkColumns {
    /// Whether nothing was named.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A registered benchmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchmarkInfo {
    /// Its name, unique in the registry.
    pub name: String,
    /// Number of items.
    pub items: u64,
    /// The digest of the file it was read from.
    pub sha256: Digest,
    /// The columns that were named when it was added.
    #[serde(default, skip_serializing_if = "BenchmarkColumns::is_usual")]
    pub columns: BenchmarkColumns,
}

/// How an overlap was found, from the cheapest way to the dearest.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum OverlapKind {
    /// The same words in a row, weighted by how rare they are.
    #[default]
    Words,
    /// The same program but for its names, literals and comments.
    Code,
    /// The same question in other words.
    Paraphrase,
}

impl OverlapKind {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Code => "code",
            Self::Paraphrase => "paraphrase",
        }
    }
}

impl fmt::Display for OverlapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A stretch of a text, as byte offsets at character borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// One overlap between a text and a benchmark item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overlap {
    /// The benchmark's name.
    pub benchmark: String,
    /// The item's identifier in the benchmark.
    pub item: String,
    /// How it was found.
    #[serde(default)]
    pub kind: OverlapKind,
    /// Whether this overlap alone means that the text must not be trained on.
    #[serde(default)]
    pub condemns: bool,
    /// Why it condemns or does not, in words: the score, what was needed, and what else counted.
    #[serde(default)]
    pub reason: String,
    /// From 0 to 1. Of [`OverlapKind::Words`] and [`OverlapKind::Code`] the weighted share of the
    /// item found in the text, of [`OverlapKind::Paraphrase`] the certainty of its rule.
    pub score: f64,
    /// Where in the checked text, merged and in order.
    pub spans: Vec<Span>,
    /// The text of the first span, as it stands in the checked text.
    pub excerpt: String,
    /// Where in the item's text, merged and in order.
    #[serde(default)]
    pub item_spans: Vec<Span>,
    /// The text from the first of `item_spans` to the last, as it stands in the benchmark.
    pub benchmark_excerpt: String,
}

/// What the benchmark check found for one text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contamination {
    /// Whether an overlap reached the threshold: the text must not be trained on.
    pub contaminated: bool,
    /// The nearest benchmark items, best first; present below the threshold too.
    pub overlaps: Vec<Overlap>,
    /// The state of the registry that was asked.
    pub index_version: Digest,
    /// The thresholds and models that decided, as a digest.
    pub rules: Digest,
}
