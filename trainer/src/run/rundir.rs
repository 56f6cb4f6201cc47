//! The run directory: who may write into it, and what lies where.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::RunError;

const LOCK: &str = "run.lock";
/// Tokenised documents: made again at any time, so they do not count as content.
const DATA: &str = "data";

/// A run directory that this process holds. The lock goes when the process does, however it ends.
#[derive(Debug)]
pub(crate) struct RunDir {
    path: PathBuf,
    _lock: File,
}

impl RunDir {
    /// Checks, without changing anything, that `path` can be written to.
    ///
    /// # Errors
    /// [`RunError::Used`] for a directory with content unless `resume`; [`RunError::NoRun`] for one
    /// that has content but no run.
    pub(crate) fn check(path: &Path, resume: bool) -> Result<(), RunError> {
        if !path.exists() {
            return Ok(());
        }
        let mut content = false;
        for entry in fs::read_dir(path).map_err(RunError::io("list", path))? {
            let name = entry.map_err(RunError::io("list", path))?.file_name();
            content |= name != LOCK && name != DATA;
        }
        let path = path.to_owned();
        match (content, resume) {
            (false, _) => Ok(()),
            (true, false) => Err(RunError::Used { path }),
            (true, true) if path.join("run.toml").is_file() => Ok(()),
            (true, true) => Err(RunError::NoRun { path, problem: "there is no run.toml in it" }),
        }
    }

    /// Takes the directory for this process, making it if need be.
    ///
    /// # Errors
    /// As [`RunDir::check`], and [`RunError::Locked`] if another process holds it.
    pub(crate) fn claim(path: &Path, resume: bool) -> Result<Self, RunError> {
        Self::check(path, resume)?;
        fs::create_dir_all(path).map_err(RunError::io("create", path))?;
        let lock_path = path.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(RunError::io("open", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(RunError::Locked { path: path.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(RunError::io("lock", &lock_path)(error)),
        }
        // Another run may have come and gone between the first look and the lock.
        Self::check(path, resume)?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The resolved configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.path.join("run.toml")
    }

    /// One line a step.
    pub(crate) fn metrics(&self) -> PathBuf {
        self.path.join("metrics.jsonl")
    }

    /// The picture of the run.
    pub(crate) fn report(&self) -> PathBuf {
        self.path.join("report.html")
    }

    /// Tokenised documents.
    pub(crate) fn data(&self) -> PathBuf {
        self.path.join(DATA)
    }

    /// The checkpoint after `step` steps.
    pub(crate) fn step(&self, step: u64) -> PathBuf {
        self.path.join("checkpoints").join(format!("step-{step}"))
    }

    /// The result of the run: a model without optimizer state.
    pub(crate) fn last(&self) -> PathBuf {
        self.path.join("checkpoints").join("final")
    }

    /// The steps that have a checkpoint, the latest first. Directories become visible only when
    /// they are complete.
    pub(crate) fn steps(&self) -> Result<Vec<u64>, RunError> {
        let path = self.path.join("checkpoints");
        if !path.exists() {
            return Ok(Vec::new());
        }
        let mut steps = Vec::new();
        for entry in fs::read_dir(&path).map_err(RunError::io("list", &path))? {
            let name = entry.map_err(RunError::io("list", &path))?.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix("step-"));
            steps.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        steps.sort_unstable_by(|a, b| b.cmp(a));
        Ok(steps)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn one_run_a_directory() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/run");
        let held = RunDir::claim(&path, false).unwrap();
        let other = RunDir::claim(&path, false);
        assert!(matches!(other, Err(RunError::Locked { .. })), "{other:?}");
        fs::create_dir(held.data()).unwrap();
        drop(held);
        let held = RunDir::claim(&path, false).unwrap();
        assert!(RunDir::check(&path, true).is_ok(), "nothing there yet: resuming is starting");
        fs::write(held.metrics(), "").unwrap();
        assert!(matches!(RunDir::check(&path, false), Err(RunError::Used { .. })));
        assert!(matches!(RunDir::check(&path, true), Err(RunError::NoRun { .. })));
        fs::write(held.config(), "").unwrap();
        assert!(RunDir::check(&path, true).is_ok());
        for name in ["step-9", "step-10", ".step-11.partial", "final"] {
            fs::create_dir_all(path.join("checkpoints").join(name)).unwrap();
        }
        assert_eq!(held.steps().unwrap(), [10, 9]);
    }
}
