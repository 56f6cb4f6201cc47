//! The Python interpreter of this machine, and what it needs inside the sandbox.
//!
//! A `python3` on the path may be a shim (pyenv, asdf) or live under a home directory that nobody
//! else may enter. So the interpreter itself is asked where it is, and only its own installation
//! is shown to the program, at the same path.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Limit, SandboxError};

/// The variable that names another interpreter.
pub const OVERRIDE: &str = "LEHR_PYTHON";

/// An interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Python {
    /// The executable.
    pub executable: PathBuf,
    /// Its version, such as `3.11.7`.
    pub version: String,
    /// The directories outside `/usr` that it needs.
    pub roots: Vec<PathBuf>,
}

impl Python {
    /// Finds the interpreter: the one given, else by `LEHR_PYTHON`, else `python3` or `python`.
    ///
    /// # Errors
    /// [`SandboxError::Python`] when there is none, it is older than 3.8, or its installation is a
    /// home directory or the root, which the sandbox must not show.
    pub fn find(given: Option<&Path>) -> Result<Self, SandboxError> {
        let named = given
            .map(Path::to_path_buf)
            .or_else(|| std::env::var_os(OVERRIDE).filter(|v| !v.is_empty()).map(PathBuf::from));
        match named {
            Some(path) => Self::ask(&path),
            None => Self::ask(Path::new("python3"))
                .or_else(|first| Self::ask(Path::new("python")).map_err(|_| first)),
        }
    }

    fn ask(command: &Path) -> Result<Self, SandboxError> {
        const QUESTION: &str = "import sys, os\n\
            e = sys.executable\n\
            r = os.path.realpath(e)\n\
            for x in ['%d.%d.%d' % sys.version_info[:3], e, sys.base_prefix, sys.prefix,\n\
                      sys.base_exec_prefix, os.path.dirname(os.path.dirname(r))]: print(x)";
        let problem = |what: String| SandboxError::Python {
            command: command.display().to_string(),
            problem: what,
        };
        let answer = Command::new(command)
            .args(["-I", "-c", QUESTION])
            .output()
            .map_err(|error| problem(format!("cannot be started: {error}")))?;
        let text = String::from_utf8_lossy(&answer.stdout);
        let lines: Vec<&str> = text.lines().collect();
        let [version, executable, roots @ ..] = lines.as_slice() else {
            return Err(problem(format!(
                "did not answer: {}",
                String::from_utf8_lossy(&answer.stderr).trim()
            )));
        };
        let mut numbers = version.split('.').filter_map(|n| n.parse::<u32>().ok());
        if numbers.next() != Some(3) || numbers.next().is_none_or(|minor| minor < 8) {
            return Err(problem(format!("is Python {version}; 3.8 or later is needed")));
        }
        let home = std::env::home_dir();
        let mut needed: Vec<PathBuf> = Vec::new();
        for root in roots.iter().map(PathBuf::from) {
            if root == Path::new("/") || home.as_deref() == Some(root.as_path()) {
                return Err(problem(format!(
                    "is installed straight into {}, which the sandbox must not show",
                    root.display()
                )));
            }
            if !root.starts_with("/usr") && !needed.iter().any(|n| root.starts_with(n)) {
                needed.retain(|n| !n.starts_with(&root));
                needed.push(root);
            }
        }
        if Path::new(executable).starts_with("/nix") {
            needed.push("/nix/store".into());
        }
        Ok(Self { executable: executable.into(), version: (*version).to_owned(), roots: needed })
    }
}

/// The limit behind a Python error, by the last line of a traceback (`Type: message`).
pub(crate) fn limit_behind(error: &str) -> Option<Limit> {
    let kind = error.split(':').next().unwrap_or("").trim();
    let number = |n: i32| error.contains(&format!("[Errno {n}]"));
    match kind {
        "MemoryError" => Some(Limit::Memory),
        "BlockingIOError" if number(libc::EAGAIN) => Some(Limit::Processes),
        "RuntimeError" if error.contains("can't start new thread") => Some(Limit::Processes),
        "OSError" if number(libc::EFBIG) => Some(Limit::FileSize),
        "OSError" if number(libc::ENOSPC) => Some(Limit::Scratch),
        "OSError" if number(libc::EMFILE) => Some(Limit::OpenFiles),
        "OSError" if number(libc::ENOMEM) => Some(Limit::Memory),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_their_limit() {
        for (error, limit) in [
            ("MemoryError", Some(Limit::Memory)),
            ("MemoryError: cannot allocate", Some(Limit::Memory)),
            ("OSError: [Errno 27] File too large", Some(Limit::FileSize)),
            ("OSError: [Errno 28] No space left on device: 'x'", Some(Limit::Scratch)),
            (
                "BlockingIOError: [Errno 11] Resource temporarily unavailable",
                Some(Limit::Processes),
            ),
            ("RuntimeError: can't start new thread", Some(Limit::Processes)),
            ("ValueError: MemoryError", None),
            ("OSError: [Errno 2] No such file", None),
            ("", None),
        ] {
            assert_eq!(limit_behind(error), limit, "{error}");
        }
    }

    #[test]
    fn what_is_not_python_is_refused() {
        for command in ["/does/not/exist", "/bin/true", "/bin/false"] {
            assert!(matches!(
                Python::find(Some(Path::new(command))),
                Err(SandboxError::Python { .. })
            ));
        }
    }
}
