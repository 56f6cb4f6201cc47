use std::path::PathBuf;

/// Why a model of sentences cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddingError {
    /// A file of the model cannot be read, or is not what it should be.
    #[error("{path}: {reason}; fetch the model again")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The model is of another kind.
    #[error("the model in {dir} {reason}; use a BERT with mean pooling, such as all-MiniLM-L6-v2")]
    Unsupported {
        /// Its directory.
        dir: PathBuf,
        /// What it is or has.
        reason: String,
    },
    /// A text could not be embedded.
    #[error("a text cannot be embedded: {0}")]
    Text(String),
}
