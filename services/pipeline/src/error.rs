use std::path::PathBuf;

use lehr_hygiene::HygieneError;
use lehr_record::SpecError;
use lehr_store::StoreError;

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
    /// The model failed on many items in a row.
    #[error(
        "the model failed on {items} items in a row, the last time with: {last}; mend it and \
         send the request again: replies that were given are not asked for twice"
    )]
    Model {
        /// How many items.
        items: u32,
        /// The last error.
        last: String,
    },
    /// A worker thread ended by a panic.
    #[error("a worker thread failed: {0}")]
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
    /// The directory of the mix exists.
    #[error("{0} exists already; give the mix another name, or remove the directory")]
    Exists(PathBuf),
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
}
