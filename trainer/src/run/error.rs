use std::io;
use std::path::{Path, PathBuf};

use super::DeviceError;
use crate::checkpoint::CheckpointError;
use crate::data::DataError;
use crate::model::ModelError;

/// Why a run did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
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
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
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
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Whether the arguments or the configuration are at fault, rather than the work.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Config { .. } | Self::Device(_) | Self::Used { .. } | Self::NoRun { .. }
        )
    }
}
