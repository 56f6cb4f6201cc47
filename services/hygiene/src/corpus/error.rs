use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;

use crate::rows::RowFault;

/// Why a corpus could not be imported, read or removed. It is then as it was before.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// A name that a corpus may not have.
    #[error(
        "`{name}` cannot name a corpus: use 1 to 64 letters, digits, `.`, `_` or `-`, the first one \
         a letter or digit"
    )]
    Name {
        /// The name as given.
        name: String,
    },
    /// There is no corpus of this name.
    #[error("there is no corpus `{name}`; `lehr corpus list` shows those that there are")]
    Unknown {
        /// The name as given.
        name: String,
    },
    /// A file or a row of it cannot be read.
    #[error(transparent)]
    Row(#[from] RowFault),
    /// A file has no documents.
    #[error("{path} has no documents: it is empty, or none of its texts has a word; leave it out")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The topic has nothing to look for, or too much.
    #[error("{reason}")]
    Topic {
        /// What is wrong, and what to do.
        reason: String,
    },
    /// Another process is changing the corpus.
    #[error("the corpus in {dir} is being changed by another process; try again when it has ended")]
    Busy {
        /// The corpus's directory.
        dir: PathBuf,
    },
    /// The corpus was written by another version.
    #[error(
        "{dir} holds no corpus that this version can read; remove it with `lehr corpus remove` and \
         import its files again"
    )]
    Incompatible {
        /// The corpus's directory.
        dir: PathBuf,
    },
    /// The index failed.
    #[error("cannot {doing} the corpus in {dir}: {source}")]
    Index {
        /// The corpus's directory.
        dir: PathBuf,
        /// What was being done, as a verb.
        doing: &'static str,
        /// What the index said.
        source: Box<TantivyError>,
    },
    /// A directory or file cannot be used.
    #[error("cannot {doing} {path}: {source}")]
    File {
        /// The directory or file.
        path: PathBuf,
        /// What was being done, as a verb.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// What was found could not be written.
    #[error("cannot write the documents found: {0}")]
    Write(#[source] io::Error),
}
