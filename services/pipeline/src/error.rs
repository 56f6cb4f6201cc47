use std::path::PathBuf;

use lehr_hygiene::HygieneError;
use lehr_record::{Digest, SpecError};
use lehr_store::StoreError;

use crate::Gap;

/// Why a request cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The specification is at fault.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The journal failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The benchmark index failed; nothing may be accepted without it.
    #[error("the benchmark check failed: {0}")]
    Hygiene(#[from] HygieneError),
    /// A recipe that the plan rests on is gone or cannot render its prompt.
    #[error("the recipe {recipe} cannot be used: {reason}")]
    Recipe {
        /// The recipe's name.
        recipe: String,
        /// What is wrong.
        reason: String,
    },
    /// The model or the verifier failed on many items in a row.
    #[error(
        "the {part} failed on {items} items in a row, the last time with: {last}; mend it and \
         send the request again: replies that were given are not asked for twice"
    )]
    Broken {
        /// `model` or `verifier`.
        part: String,
        /// How many items.
        items: u32,
        /// The last error.
        last: String,
    },
    /// A worker ended by a panic.
    #[error("a worker failed: {0}; see the log of the service")]
    Worker(String),
}

/// Why a mix cannot be built. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum MixError {
    /// The recipe is at fault.
    #[error(transparent)]
    Recipe(#[from] SpecError),
    /// The journal failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The benchmark index failed; nothing may be mixed without it.
    #[error("the benchmark check failed: {0}")]
    Hygiene(#[from] HygieneError),
    /// The directory of the mix holds something else.
    #[error(
        "{0} exists already, from another recipe; give the mix another name, or remove the \
         directory"
    )]
    Exists(PathBuf),
    /// The mix was built, but against other benchmarks.
    #[error(
        "the mix {name} was checked against other benchmarks or by other rules than there are now \
         (index {} with rules {}, now {} with {}); give the mix another name to build it anew",
        built.0, built.1, now.0, now.1
    )]
    Outdated {
        /// The mix.
        name: String,
        /// The index version and the rules it was checked against.
        built: (Digest, Digest),
        /// Those of now.
        now: (Digest, Digest),
    },
    /// The recipe refers to the mix that it makes.
    #[error(
        "the recipe refers to itself: {}; take one of these datasets out",
        .0.join(" -> ")
    )]
    Cycle(Vec<String>),
    /// A dataset is a mix that there is not.
    #[error("dataset {dataset}: there is no mix {mix}; make it first")]
    NoMix {
        /// The dataset's name in the recipe.
        dataset: String,
        /// The mix.
        mix: String,
    },
    /// The datasets cannot give what the recipe asks for.
    #[error(
        "the mix {mix} cannot be as its recipe says: {}; the largest mix with these proportions has \
         {largest} tokens: set target_tokens to that, add documents, change the weights or repeats, \
         or set on_shortfall to \"scale\" (the same proportions, smaller) or \"accept\" (what is \
         there)",
        listed(gaps)
    )]
    Shortfall {
        /// The mix.
        mix: String,
        /// Everything that is missing, or too much.
        gaps: Vec<Gap>,
        /// The size of the largest mix with the proportions asked for, in tokens; 0 when there is
        /// none.
        largest: u64,
    },
    /// The card cannot be drawn.
    #[error("the card of the mix cannot be made: {0}; this is a fault of lehr")]
    Card(String),
    /// The mix has more documents than are kept in order at once.
    #[error(
        "dataset {dataset}: with it the mix has more than {most} documents; make two mixes of it, \
         or lower max_repeat or target_tokens"
    )]
    TooMany {
        /// The dataset that is too much.
        dataset: String,
        /// The bound.
        most: usize,
    },
    /// A source cannot be read.
    #[error("dataset {dataset}: {place}: {reason}")]
    Source {
        /// The dataset's name in the recipe.
        dataset: String,
        /// The file, with the line or row where known.
        place: String,
        /// What is wrong and the remedy.
        reason: String,
    },
    /// Nothing is left to train on.
    #[error(
        "the mix {0} would be empty: no dataset gave a document; see that the requests have accepted samples and the paths hold documents"
    )]
    Empty(String),
    /// The mix cannot be written.
    #[error("cannot write {path}: {reason}; see that the disk has room and the directory is yours")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A worker ended by a panic.
    #[error("a worker failed: {0}; see the log of the service")]
    Worker(String),
}

fn listed(gaps: &[Gap]) -> String {
    let gaps: Vec<String> = gaps.iter().map(ToString::to_string).collect();
    gaps.join("; ")
}
