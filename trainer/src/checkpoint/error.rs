use std::io;
use std::path::{Path, PathBuf};

use crate::files::FileError;

/// Why a checkpoint cannot be read or written. Each names the file, the place in it and a remedy.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The file system refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// A field of a JSON or GGUF header is missing, malformed or not supported.
    #[error("{}: `{field}` {problem}; {remedy}", file.display())]
    Field {
        /// The file.
        file: PathBuf,
        /// The field in the file's own spelling.
        field: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        remedy: String,
    },
    /// A tensor is missing, unexpected, of the wrong shape or of an unsupported type.
    #[error("{}: tensor {name} {problem}; {remedy}", file.display())]
    Tensor {
        /// The file that has it, or should have it.
        file: PathBuf,
        /// Its name in that file.
        name: String,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        remedy: String,
    },
    /// A file is not what its name promises.
    #[error("{}: {problem}; {remedy}", file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do about it.
        remedy: String,
    },
    /// The place to write to is taken.
    #[error("{} already exists; choose another path or remove it first", path.display())]
    Taken {
        /// The place.
        path: PathBuf,
    },
    /// The place to write to has no name of its own, such as `.`.
    #[error(
        "{}: is not the name of a new directory; give one, such as {}",
        path.display(),
        path.join("checkpoint").display()
    )]
    NoName {
        /// The place.
        path: PathBuf,
    },
}

impl CheckpointError {
    /// Turns an I/O error at `path` into a checkpoint error; for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let error = FileError::at(action, path);
        move |source| Self::File(error(source))
    }

    /// A field of `file` that is wrong.
    pub(crate) fn field(
        file: &Path,
        field: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Field {
            file: file.to_owned(),
            field: field.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// A tensor of `file` that is wrong.
    pub(crate) fn tensor(
        file: &Path,
        name: impl Into<String>,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Tensor {
            file: file.to_owned(),
            name: name.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// A file that is not of its format.
    pub(crate) fn format(
        file: &Path,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Format { file: file.to_owned(), problem: problem.into(), remedy: remedy.into() }
    }

    /// Whether the arguments are at fault, rather than the work.
    pub fn is_usage(&self) -> bool {
        matches!(self, Self::Taken { .. } | Self::NoName { .. })
    }
}
