//! The run directory: who may write into it, and what lies where.

use std::cell::Cell;
use std::fs::{self, DirEntry, File, Metadata, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::RunError;
use crate::data::TokenStore;

const LOCK: &str = "run.lock";
const CONFIG: &str = "run.toml";
/// `run.toml` before it is complete.
const CONFIG_PARTIAL: &str = "run.toml.partial";
const METRICS: &str = "metrics.jsonl";
const PACKING: &str = "packing.json";
/// Tokenised documents, where no other place is given for them.
const TOKENS: &str = "trainer-tokens";

/// A run directory that this process holds. The lock goes when the process does, however it ends.
///
/// Until [`RunDir::keep`] is called nothing has begun, and what was made goes with the value.
#[derive(Debug)]
pub(crate) struct RunDir {
    path: PathBuf,
    // Before the lock, so that it is undone while the directory is still held.
    made: Made,
    _lock: File,
}

/// What is removed again unless it is kept.
#[derive(Debug)]
struct Made {
    kept: Cell<bool>,
    /// Files and directories that were not there before, and may be by now.
    entries: Vec<PathBuf>,
    /// Directories that were not there before, the innermost first.
    directories: Vec<PathBuf>,
}

impl Drop for Made {
    fn drop(&mut self) {
        if self.kept.get() {
            return;
        }
        // The error that led here says what went wrong. A directory in which somebody else has put
        // something is not empty and stays.
        for entry in &self.entries {
            drop(if entry.is_dir() { fs::remove_dir_all(entry) } else { fs::remove_file(entry) });
        }
        for directory in &self.directories {
            drop(fs::remove_dir(directory));
        }
    }
}

impl RunDir {
    /// Checks, without changing anything, that `path` can be written to, and tells whether there
    /// is a run in it.
    ///
    /// # Errors
    /// [`RunError::Used`] for a directory with content unless `resume`; [`RunError::NoRun`] for one
    /// that has content but no run.
    pub(crate) fn check(path: &Path, resume: bool) -> Result<bool, RunError> {
        if path.is_file() {
            let problem = format!("{} is a file; give a directory", path.display());
            return Err(RunError::Argument { name: "--out", problem });
        }
        if !path.exists() {
            return Ok(false);
        }
        let mut content = false;
        for entry in fs::read_dir(path).map_err(RunError::io("list", path))? {
            content |= !is_remainder(&entry.map_err(RunError::io("list", path))?);
        }
        let path = path.to_owned();
        match (content, resume) {
            (false, _) => Ok(false),
            (true, false) => Err(RunError::Used { path }),
            (true, true) if path.join(CONFIG).is_file() => Ok(true),
            (true, true) => Err(RunError::NoRun { path, problem: "there is no run.toml in it" }),
        }
    }

    /// Takes the directory for this process, making it if need be.
    ///
    /// # Errors
    /// As [`RunDir::check`], and [`RunError::Locked`] if another process holds it.
    pub(crate) fn claim(path: &Path, resume: bool) -> Result<Self, RunError> {
        Self::check(path, resume)?;
        let absent = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let directories = path.ancestors().take_while(absent).map(Path::to_owned).collect();
        let mut made = Made { kept: Cell::new(false), entries: Vec::new(), directories };
        fs::create_dir_all(path).map_err(RunError::io("create", path))?;
        let (lock, new) = lock(path)?;
        // Only now is what happens here our own doing.
        let names = [LOCK, TOKENS, CONFIG, METRICS];
        let absent = |name: &&str| if *name == LOCK { new } else { !path.join(name).exists() };
        made.entries = names.iter().filter(|name| absent(name)).map(|n| path.join(n)).collect();
        // Another run may have come and gone between the first look and the lock.
        Self::check(path, resume)?;
        Ok(Self { path: path.to_owned(), made, _lock: lock })
    }

    /// Keeps what was made: the run has begun, and from now on it can be resumed.
    pub(crate) fn keep(&self) {
        self.made.kept.set(true);
    }

    /// The resolved configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.path.join(CONFIG)
    }

    /// One line a step.
    pub(crate) fn metrics(&self) -> PathBuf {
        self.path.join(METRICS)
    }

    /// The picture of the run.
    pub(crate) fn report(&self) -> PathBuf {
        self.path.join("report.html")
    }

    /// What the documents are, and what becomes of an epoch of them.
    pub(crate) fn packing(&self) -> PathBuf {
        self.path.join(PACKING)
    }

    /// Tokenised documents, where no other place is given for them.
    pub(crate) fn tokens(&self) -> PathBuf {
        self.path.join(TOKENS)
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

/// Whether an entry is what a trainer leaves that was killed before its run began: it is made again
/// at any time, and so no content.
fn is_remainder(entry: &DirEntry) -> bool {
    let (name, path) = (entry.file_name(), entry.path());
    if name == TOKENS {
        let ours = |entry: DirEntry| entry.file_name().to_str().is_some_and(TokenStore::is_ours);
        return fs::read_dir(path).is_ok_and(|mut all| all.all(|entry| entry.is_ok_and(ours)));
    }
    name == CONFIG_PARTIAL
        || name == LOCK && entry.metadata().is_ok_and(|found| found.is_file() && found.len() == 0)
}

/// Locks a run directory; also tells whether the lock's file is new.
fn lock(directory: &Path) -> Result<(File, bool), RunError> {
    let path = directory.join(LOCK);
    let locked = || RunError::Locked { path: directory.to_owned() };
    let (file, new) = match File::options().write(true).create_new(true).open(&path) {
        Ok(file) => (file, true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let file = File::options().write(true).open(&path);
            (file.map_err(RunError::io("open", &path))?, false)
        }
        Err(error) => return Err(RunError::io("create", &path)(error)),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(locked()),
        Err(TryLockError::Error(error)) => return Err(RunError::io("lock", &path)(error)),
    }
    // A trainer that failed removes its lock: between our opening and locking it may have been
    // this one, and the next trainer would lock another.
    let place = |found: Metadata| (found.dev(), found.ino());
    let held = file.metadata().map(place).map_err(RunError::io("lock", &path))?;
    if fs::metadata(&path).map(place).ok() != Some(held) {
        return Err(locked());
    }
    Ok((file, new))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn names(path: &Path) -> Vec<String> {
        let entries = fs::read_dir(path).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn one_run_a_directory() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/run");
        let held = RunDir::claim(&path, false).unwrap();
        let other = RunDir::claim(&path, false);
        assert!(matches!(other, Err(RunError::Locked { .. })), "{other:?}");
        drop(held);
        let held = RunDir::claim(&path, false).unwrap();
        assert!(!RunDir::check(&path, true).unwrap(), "nothing there yet: resuming is starting");
        fs::write(held.metrics(), "").unwrap();
        assert!(matches!(RunDir::check(&path, false), Err(RunError::Used { .. })));
        assert!(matches!(RunDir::check(&path, true), Err(RunError::NoRun { .. })));
        fs::write(held.config(), "").unwrap();
        assert!(RunDir::check(&path, true).unwrap());
        for name in ["step-9", "step-10", ".step-11.partial", "final"] {
            fs::create_dir_all(path.join("checkpoints").join(name)).unwrap();
        }
        assert_eq!(held.steps().unwrap(), [10, 9]);
    }

    #[test]
    fn what_never_began_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/run");
        let fill = |held: &RunDir| {
            fs::create_dir(held.tokens()).unwrap();
            fs::write(held.tokens().join("tokens.u32"), "x").unwrap();
            fs::write(held.config(), "x").unwrap();
        };
        let held = RunDir::claim(&path, false).unwrap();
        fill(&held);
        assert!(matches!(RunDir::claim(&path, true), Err(RunError::Locked { .. })));
        assert_eq!(names(&path), ["run.lock", "run.toml", "trainer-tokens"], "as it was");
        drop(held);
        assert_eq!(names(home.path()), [""; 0]);

        let held = RunDir::claim(&path, false).unwrap();
        fill(&held);
        held.keep();
        drop(held);
        drop(RunDir::claim(&path, true).unwrap());
        assert_eq!(names(&path), ["run.lock", "run.toml", "trainer-tokens"], "a run stays");
    }

    #[test]
    fn only_our_own_remainders_are_no_content() {
        let tokens = &format!("trainer-tokens/{}-00000.tokens", "0".repeat(64))[..];
        let all = ["run.lock", tokens, "trainer-tokens/.x.partial", "run.toml.partial"];
        for (files, content, free) in [
            (&all[..], "", true),
            (&["run.lock"], "12", false),
            (&["data/tokens.u32"], "", false),
            (&[tokens, "trainer-tokens/thesis.tex"], "", false),
            (&["trainer-tokens"], "", false),
        ] {
            let home = tempfile::tempdir().unwrap();
            for file in files {
                let path = home.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, content).unwrap();
            }
            assert_eq!(RunDir::check(home.path(), false).is_ok(), free, "{files:?}");
        }
    }
}
