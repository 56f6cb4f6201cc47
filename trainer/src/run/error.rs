use std::io;
use std::path::{Path, PathBuf};

use super::DeviceError;
use crate::checkpoint::CheckpointError;
use crate::data::DataError;
use crate::files::FileError;
use crate::model::ModelError;

/// Why a run did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An argument asks for something impossible.
    #[error("{name}: {problem}")]
    Argument {
        /// The argument as it is spelled.
        name: &'static str,
        /// What is wrong, and what to do about it.
        problem: String,
    },
    /// The configuration is not one of ours, or asks for something impossible.
    #[error("{}: {problem}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong, where, and what to do about it.
        problem: String,
    },
    /// The device cannot be used.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The output directory has content.
    #[error(
        "{}: the directory is not empty; go on with its run by --resume, or choose another \
         directory", path.display()
    )]
    Used {
        /// The directory.
        path: PathBuf,
    },
    /// The output directory is not that of a run.
    #[error(
        "{}: cannot resume, {problem}; leave out --resume and choose a new directory",
        path.display()
    )]
    NoRun {
        /// The directory.
        path: PathBuf,
        /// What is missing.
        problem: &'static str,
    },
    /// There is nothing to resume, and nothing that says what to begin.
    #[error(
        "{}: there is no run to resume; check --out, or begin one by giving --config",
        path.display()
    )]
    Nothing {
        /// The directory.
        path: PathBuf,
    },
    /// Another trainer works in the output directory.
    #[error(
        "{}: another trainer is running in this directory; wait for it, or choose another \
         directory", path.display()
    )]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// What is resumed is not what was started.
    #[error("{}: cannot resume, {problem}", path.display())]
    Changed {
        /// The run directory or a file in it.
        path: PathBuf,
        /// What differs, and what to do about it.
        problem: String,
    },
    /// A file of the run is not as the trainer wrote it.
    #[error("{}: is damaged, {problem}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, and what to do about it.
        problem: String,
    },
    /// A checkpoint cannot be read or written.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The model or the device under it failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The file system refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// A chart cannot be drawn.
    #[error("{}: cannot draw the report: {problem}", path.display())]
    Report {
        /// The report.
        path: PathBuf,
        /// What went wrong.
        problem: String,
    },
}

impl RunError {
    /// Turns an I/O error at `path` into a run error; for `map_err`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let error = FileError::at(action, path);
        move |source| Self::File(error(source))
    }

    /// Whether the arguments or the configuration are at fault, rather than the work.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Argument { .. }
            | Self::Config { .. }
            | Self::Device(_)
            | Self::Used { .. }
            | Self::NoRun { .. }
            | Self::Nothing { .. }
            | Self::Changed { .. } => true,
            Self::Checkpoint(error) => error.is_usage(),
            _ => false,
        }
    }
}
