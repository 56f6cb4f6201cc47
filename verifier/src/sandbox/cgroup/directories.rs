use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::control::explain;

/// What every name begins with; behind it come this program's number and a count.
const PREFIX: &str = "lehr-";

/// How long a drop waits for the end of processes.
const PATIENCE: Duration = Duration::from_millis(500);

/// Directories that could not be removed in time. Tried again with every later one.
static LEFT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// One group's directories, one in each hierarchy. Removed when dropped.
#[derive(Debug)]
pub(super) struct Directories(Vec<PathBuf>);

impl Directories {
    /// Makes directories of the same new name below each of `parents`.
    pub fn make(parents: &BTreeSet<&Path>) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        'name: loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let name = format!("{PREFIX}{}-{count}", std::process::id());
            let mut made = Self(Vec::new());
            for parent in parents {
                let path = parent.join(&name);
                match fs::create_dir(&path) {
                    Ok(()) => {
                        made.0.push(path.clone());
                        lend_processors(parent, &path)?;
                    }
                    // Left by a dead program that had this one's number.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue 'name,
                    Err(error) => return Err(explain(&path, "made", &error)),
                }
            }
            return Ok(made);
        }
    }

    /// The directories.
    pub fn paths(&self) -> &[PathBuf] {
        &self.0
    }

    /// Waits for the end of the processes in them, but not for ever.
    pub fn wait(&self) {
        retry(|| {
            self.0.iter().all(|d| {
                fs::read_to_string(d.join("cgroup.procs")).is_ok_and(|procs| procs.is_empty())
            })
        });
    }
}

impl Drop for Directories {
    fn drop(&mut self) {
        let mut paths = std::mem::take(&mut self.0);
        retry(|| {
            paths.retain(|path| !remove(path));
            paths.is_empty()
        });
        let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        left.retain(|path| !remove(path));
        left.extend(paths);
    }
}

/// Gives a new v1 group the processors of its parent, where both are controlled in one hierarchy:
/// no process can be put into a group without any.
fn lend_processors(parent: &Path, group: &Path) -> io::Result<()> {
    for name in ["cpuset.cpus", "cpuset.mems"] {
        let path = group.join(name);
        // In v2, nothing means those of the parent.
        let is_v2 = group.join("cgroup.controllers").exists();
        if is_v2 || !fs::read_to_string(&path).is_ok_and(|text| text.trim().is_empty()) {
            continue;
        }
        fs::read_to_string(parent.join(name))
            .and_then(|text| fs::write(&path, text))
            .map_err(|error| explain(&path, "set to what its parent has", &error))?;
    }
    Ok(())
}

/// Tries until it succeeds or the time is up.
fn retry(mut attempt: impl FnMut() -> bool) {
    let start = Instant::now();
    let mut pause = Duration::from_micros(250);
    while !attempt() && start.elapsed() < PATIENCE {
        std::thread::sleep(pause);
        pause = (2 * pause).min(Duration::from_millis(20));
    }
}

/// Whether the directory is gone now.
fn remove(path: &Path) -> bool {
    match fs::remove_dir(path) {
        Ok(()) => true,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Removes what dead programs left below a cgroup. The kernel keeps those that still hold
/// processes.
pub(super) fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().and_then(maker).is_some_and(is_dead) {
            remove(&entry.path());
        }
    }
}

/// The number of the program that made a directory of this name.
fn maker(name: &str) -> Option<u32> {
    let (pid, count) = name.strip_prefix(PREFIX)?.split_once('-')?;
    let is_ours =
        count == "home" || (!count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()));
    pid.parse().ok().filter(|_| is_ours)
}

fn is_dead(pid: u32) -> bool {
    // Where `/proc` is not there nobody can be taken for dead.
    Path::new("/proc/self").exists() && !Path::new(&format!("/proc/{pid}")).exists()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn names_tell_who_made_them() {
        for (name, pid) in [
            ("lehr-12-0", Some(12)),
            ("lehr-12-home", Some(12)),
            ("lehr-12-", None),
            ("lehr-12", None),
            ("lehr-12-x", None),
            ("lehr-x-1", None),
            ("lehr--1", None),
            ("mylehr-12-1", None),
            ("system.slice", None),
        ] {
            assert_eq!(maker(name), pid, "{name}");
        }
    }

    #[test]
    fn only_what_dead_programs_left_is_swept() {
        let parent = tempfile::tempdir().unwrap();
        let dead = i32::MAX;
        let (own, first) = (format!("lehr-{}-7", std::process::id()), "lehr-1-7".to_owned());
        for name in [&format!("lehr-{dead}-7"), &format!("lehr-{dead}-home"), &own, &first] {
            fs::create_dir(parent.path().join(name)).unwrap();
        }
        fs::create_dir(parent.path().join("other-2147483647-1")).unwrap();
        sweep(parent.path());
        let mut left: Vec<_> = fs::read_dir(parent.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        let mut expected = vec![own, first, "other-2147483647-1".to_owned()];
        expected.sort();
        assert_eq!(left, expected);
    }

    #[test]
    fn directories_are_made_together_or_not_at_all() {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let made = Directories::make(&[a.path(), b.path()].into()).unwrap();
        let names: Vec<_> = made.paths().iter().map(|p| p.file_name().unwrap()).collect();
        assert_eq!((names.len(), names[0]), (2, names[1]));
        drop(made);
        let gone = b.path().join("gone");
        let error = Directories::make(&[a.path(), gone.as_path()].into()).unwrap_err();
        assert!(error.to_string().contains("gone"), "{error}");
        for parent in [&a, &b] {
            assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
        }
    }
}
