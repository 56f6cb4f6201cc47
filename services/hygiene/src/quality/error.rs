use std::path::PathBuf;

use crate::rows::RowFault;

/// Why texts could not be assessed. A text without a score is neither good nor bad.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QualityError {
    /// A file of a classifier cannot be read, or is not what it should be.
    #[error("{path}: {reason}; fetch the classifier again")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The classifier is of a kind that cannot be run, or whose labels are not in an order.
    #[error(
        "the classifier in {dir} {reason}; use a BERT, DistilBERT, RoBERTa or XLM-RoBERTa for sequence \
         classification with one label (a score) or with labels that are numbered or named from bad to good"
    )]
    Unsupported {
        /// Its directory.
        dir: PathBuf,
        /// What it is or has.
        reason: String,
    },
    /// A model gave no score.
    #[error("the model of quality gave no score: {0}")]
    Model(String),
    /// A reply to the rubric states no score.
    #[error(
        "the reply to the rubric states no score: {0}; it must end in a line `Score: N`, N from 1 to 5"
    )]
    Reply(String),
    /// A file of documents cannot be read.
    #[error(transparent)]
    Row(#[from] RowFault),
    /// The report cannot be written.
    #[error("cannot write the report: {0}")]
    Report(#[source] std::io::Error),
}
