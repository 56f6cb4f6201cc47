use serde::{Deserialize, Serialize};

use crate::Digest;

/// A registered benchmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenchmarkInfo {
    /// Its name, unique in the registry.
    pub name: String,
    /// Number of items.
    pub items: u64,
    /// The digest of the file it was read from.
    pub sha256: Digest,
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
    /// The share of the item found in the text, from 0 to 1.
    pub score: f64,
    /// Where in the checked text, merged and in order.
    pub spans: Vec<Span>,
    /// The text of the first span, as it stands in the checked text.
    pub excerpt: String,
    /// The matching text as it stands in the benchmark item.
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
}
