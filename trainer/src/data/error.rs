use std::io;
use std::path::{Path, PathBuf};

use crate::files::FileError;

/// Why training data cannot be used. Each names the file, the place in it and a remedy.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file system refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file of a mix is not the one that the mix was made with.
    #[error(
        "{}: its SHA-256 is {found}, but mix.json says {expected}; \
         copy the file again or make the mix again", path.display()
    )]
    Hash {
        /// The file.
        path: PathBuf,
        /// The digest that `mix.json` promises.
        expected: String,
        /// The digest of the file's bytes.
        found: String,
    },
    /// A file is not of its format.
    #[error("{}: {problem}; {remedy}", path.display())]
    Format {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A row is not a document.
    #[error("{}: row {row}: {problem}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The row, counted from 1; in JSONL the line.
        row: u64,
        /// What is wrong with it, and what to do about it.
        problem: String,
    },
    /// There is nothing to train on.
    #[error("{}: has no documents with text; give other data", path.display())]
    Empty {
        /// The file or directory.
        path: PathBuf,
    },
}

impl DataError {
    /// Turns an I/O error at `path` into a data error; for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let error = FileError::at(action, path);
        move |source| Self::File(error(source))
    }

    /// A file that is not of its format.
    pub(crate) fn format(path: &Path, problem: impl Into<String>, remedy: &'static str) -> Self {
        Self::Format { path: path.to_owned(), problem: problem.into(), remedy }
    }

    /// A row that is not a document.
    pub(crate) fn row(path: &Path, row: u64, problem: impl Into<String>) -> Self {
        Self::Row { path: path.to_owned(), row, problem: problem.into() }
    }
}
