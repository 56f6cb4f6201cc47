use serde::{Deserialize, Serialize};

use super::difficulty::Difficulties;
use super::recipe::MixRecipe;
use crate::{BenchmarkInfo, Digest, Overlap, OverlapKind};

/// What is in a mix directory: its `mix.json`. It depends on nothing but the recipe, its sources,
/// the registered benchmarks and the rules of their checks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MixManifest {
    /// The mix's name.
    pub name: String,
    /// The recipe it was made from.
    pub recipe: MixRecipe,
    /// The digest of the recipe and of all files: names exactly this mix.
    pub digest: Digest,
    /// The state of the benchmark registry that every document was checked against.
    pub index_version: Digest,
    /// The thresholds and models of that check, as a digest.
    pub rules: Digest,
    /// The benchmarks that every document was checked against.
    pub benchmarks: Vec<BenchmarkInfo>,
    /// What each dataset was asked to give, in the recipe's order.
    pub targets: Vec<MixTarget>,
    /// What each dataset gave, in the same order.
    pub counts: Vec<DatasetCount>,
    /// What was read, dataset by dataset.
    pub sources: Vec<MixSource>,
    /// Documents that overlap with a benchmark, by the overlap that condemns them.
    pub flagged: Vec<FlagCount>,
    /// Some of the documents that were left out, with the evidence: the first of each dataset and
    /// reason.
    pub examples: Vec<DropExample>,
    /// How hard the training documents are, repetitions counted.
    pub difficulty: Difficulties,
    /// The long documents.
    pub long: LongCount,
    /// The training files, in order.
    pub files: Vec<MixFile>,
    /// The files kept apart for evaluation.
    pub heldout: Vec<MixFile>,
}

/// What a dataset was asked to give.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MixTarget {
    /// The dataset's name in the recipe.
    pub name: String,
    /// Tokens at 4 bytes each, after any scaling; they sum to the size that was aimed at.
    pub tokens: u64,
    /// The share of the tokens, from 0 to 1.
    pub share: f64,
}

/// What one dataset gave to a mix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DatasetCount {
    /// The dataset's name in the recipe.
    pub name: String,
    /// Documents read from the source: those that were dropped, held out or usable.
    pub available: u64,
    /// Documents left out.
    pub dropped: Drops,
    /// Documents that overlap with a registered benchmark and stay, since the recipe only wants
    /// them reported.
    #[serde(default)]
    pub reported: u64,
    /// Documents kept apart.
    pub heldout: u64,
    /// Documents that could be trained on.
    pub usable: u64,
    /// Their tokens at 4 bytes each.
    pub usable_tokens: u64,
    /// Documents written for training, repetitions counted.
    pub documents: u64,
    /// Estimated tokens written for training, at 4 bytes a token.
    pub tokens: u64,
    /// Those of them that are of long documents.
    pub long_tokens: u64,
    /// The share asked for, from 0 to 1.
    pub share_asked: f64,
    /// The share reached, from 0 to 1.
    pub share_reached: f64,
}

/// Documents left out, by the first reason that applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drops {
    /// Of another domain or kind than the dataset asks for.
    pub other_kind: u64,
    /// Longer than the recipe allows.
    pub too_long: u64,
    /// Equal to an earlier document but for case, width, white space and plain punctuation.
    pub duplicate: u64,
    /// Below the least quality.
    pub low_quality: u64,
    /// Overlapping with a registered benchmark.
    pub contaminated: u64,
    /// Much like an earlier document that stays.
    pub near_duplicate: u64,
}

impl Drops {
    /// The numbers with their names in JSON.
    pub fn named(&self) -> [(&'static str, u64); 6] {
        [
            ("other_kind", self.other_kind),
            ("too_long", self.too_long),
            ("duplicate", self.duplicate),
            ("low_quality", self.low_quality),
            ("contaminated", self.contaminated),
            ("near_duplicate", self.near_duplicate),
        ]
    }

    /// All documents left out.
    pub fn total(&self) -> u64 {
        self.named().iter().map(|(_, number)| number).sum()
    }
}

/// How many documents a benchmark was found in, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagCount {
    /// The benchmark's name.
    pub benchmark: String,
    /// How the overlaps were found.
    pub kind: OverlapKind,
    /// Documents.
    pub documents: u64,
}

/// A file or request that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixSource {
    /// The dataset's name in the recipe.
    pub dataset: String,
    /// The file's name within the dataset's path, or the request.
    pub name: String,
    /// The digest of the file's bytes, or of the request's documents.
    pub sha256: Digest,
}

/// A document that was left out, or reported.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DropExample {
    /// The dataset's name in the recipe.
    pub dataset: String,
    /// The document's id.
    pub id: String,
    /// The name of the reason in [`Drops`].
    pub reason: String,
    /// Why, in words.
    pub why: String,
    /// The beginning of the document, where nothing else shows why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub excerpt: String,
    /// The overlap with a benchmark, its excerpts cut to some hundred bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlap: Option<Overlap>,
}

/// The long documents of a mix.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LongCount {
    /// The tokens from which a document is long.
    pub from_tokens: u64,
    /// The share of the tokens that was asked for, from 0 to 1.
    pub share_asked: Option<f64>,
    /// The share that was reached.
    pub share_reached: f64,
}

/// One file of a mix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixFile {
    /// Its name, relative to the mix directory.
    pub path: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its number of rows.
    pub rows: u64,
}
