//! The Python interpreter of this machine, and what it needs inside the sandbox.
//!
//! A `python3` on the path may be a shim (pyenv, asdf) or live under a home directory that nobody
//! else may enter. So the interpreter itself is asked where it is installed. Of each place that it
//! names only the programs and libraries are shown, at the same path, and a place that holds
//! somebody's own files is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Limit, Program, SandboxError};

/// The variable that names another interpreter.
pub const OVERRIDE: &str = "LEHR_PYTHON";

/// What marks a virtual environment, and says where its interpreter is.
const VENV: &str = "pyvenv.cfg";

/// An interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Python {
    /// The executable.
    pub executable: PathBuf,
    /// Its version, such as `3.11.7`.
    pub version: String,
    /// The directories and files outside `/usr` that it needs.
    pub needs: Vec<PathBuf>,
    /// The directory of further packages, one of `needs`.
    pub packages: Option<PathBuf>,
}

impl Python {
    /// Finds the interpreter: the one given, else by `LEHR_PYTHON`, else `python3` or `python`.
    ///
    /// # Errors
    /// [`SandboxError::Python`] when there is none, it is older than 3.8, or it is installed where
    /// the sandbox must not or cannot show it.
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

    /// The interpreter with the packages of a directory of wheels.
    ///
    /// # Errors
    /// [`SandboxError::Wheels`].
    pub(super) fn with_wheels(mut self, wheels: Option<&Path>) -> Result<Self, SandboxError> {
        if let Some(wheels) = wheels {
            let packages = super::wheels::unpack(wheels, &self)?;
            if !packages.starts_with("/usr") {
                self.needs.push(packages.clone());
            }
            self.packages = Some(packages);
        }
        Ok(self)
    }

    fn ask(command: &Path) -> Result<Self, SandboxError> {
        // In a virtual environment the executable is known by its link there; elsewhere the links
        // may lie outside what is shown.
        const QUESTION: &str = "import sys, os\n\
            r = os.path.realpath(sys.executable)\n\
            e = r if sys.prefix == sys.base_prefix else sys.executable\n\
            for x in ['%d.%d.%d' % sys.version_info[:3], e, sys.base_prefix, sys.prefix,\n\
                      sys.base_exec_prefix, sys.exec_prefix,\n\
                      os.path.dirname(os.path.dirname(r))]: print(x)";
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
        let [version, executable, prefixes @ ..] = lines.as_slice() else {
            return Err(problem(format!(
                "did not answer: {}",
                String::from_utf8_lossy(&answer.stderr).trim()
            )));
        };
        let mut numbers = version.split('.').filter_map(|n| n.parse::<u32>().ok());
        if numbers.next() != Some(3) || numbers.next().is_none_or(|minor| minor < 8) {
            return Err(problem(format!("is Python {version}; 3.8 or later is needed")));
        }
        let homes = homes();
        let mut needs = Vec::new();
        for prefix in prefixes.iter().map(Path::new).filter(|p| !p.starts_with("/usr")) {
            let real = fs::canonicalize(prefix).unwrap_or_else(|_| prefix.to_path_buf());
            let is_venv = real.join(VENV).is_file();
            if let Some(why) =
                refusal(prefix, is_venv, &homes).or_else(|| refusal(&real, is_venv, &homes))
            {
                return Err(problem(why));
            }
            needs.extend(parts(prefix));
        }
        if Path::new(executable).starts_with("/nix") {
            needs.push("/nix/store".into());
        }
        let needs = outermost(needs);
        let executable = PathBuf::from(executable);
        if !executable.starts_with("/usr") && !needs.iter().any(|n| executable.starts_with(n)) {
            return Err(problem(format!(
                "lies at {}, outside its own installation",
                executable.display()
            )));
        }
        Ok(Self { executable, version: (*version).to_owned(), needs, packages: None })
    }
}

/// The home directories of this machine, each as it is named and as it really lies.
pub(crate) fn homes() -> Vec<PathBuf> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    users
        .lines()
        .filter_map(|line| line.split(':').nth(5).map(PathBuf::from))
        .chain(std::env::home_dir())
        // Some that nobody lives in are `/` or are named without being there.
        .filter(|home| home.is_dir() && home != Path::new("/"))
        .flat_map(|home| fs::canonicalize(&home).ok().into_iter().chain([home]))
        .collect()
}

/// Why the sandbox does not show what is installed under a prefix.
pub(crate) fn refusal(prefix: &Path, is_venv: bool, homes: &[PathBuf]) -> Option<String> {
    let shown = prefix.display();
    if let Some(own) =
        [Program::SCRATCH, Program::DIRECTORY, "/dev"].iter().find(|own| prefix.starts_with(own))
    {
        return Some(format!(
            "is installed in {shown}, but {own} is the program's own in the sandbox"
        ));
    }
    if let Some(home) = homes.iter().find(|home| home.starts_with(prefix)) {
        return Some(format!(
            "is installed straight into {shown}, which the sandbox must not show, for {} is \
             somebody's home",
            home.display()
        ));
    }
    // The parts of the root directory hold everybody's files. A virtual environment has its own.
    if prefix.components().count() <= 2 && !is_venv {
        return Some(format!(
            "is installed straight into {shown}, which the sandbox must not show"
        ));
    }
    None
}

/// What is shown of an installation: its programs and libraries.
fn parts(prefix: &Path) -> impl Iterator<Item = PathBuf> {
    ["bin", "lib", "lib64", VENV].into_iter().map(|name| prefix.join(name)).filter(|p| p.exists())
}

/// The paths without those that lie in another.
fn outermost(mut paths: Vec<PathBuf>) -> Vec<PathBuf> {
    paths.sort();
    // A parent comes right before what lies in it.
    paths.dedup_by(|path, kept| path.starts_with(kept));
    paths
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
    fn what_holds_the_files_of_others_is_not_shown() {
        let homes = ["/root", "/home/ann", "/srv/deep/bob"].map(PathBuf::from);
        for (prefix, is_venv, word) in [
            ("/", false, "home"),
            ("/root", false, "home"),
            ("/root", true, "home"),
            ("/home", false, "home"),
            ("/home/ann", true, "home"),
            ("/srv/deep", false, "home"),
            ("/opt", false, "/opt"),
            ("/data", false, "/data"),
            ("/tmp/venv", true, "/tmp is"),
            ("/tmp", true, "/tmp is"),
            ("/program/python", false, "/program is"),
            ("/dev/shm/python", false, "/dev is"),
        ] {
            let why = refusal(Path::new(prefix), is_venv, &homes);
            assert!(why.as_ref().is_some_and(|w| w.contains(word)), "{prefix}: {why:?}");
        }
        for (prefix, is_venv) in [
            ("/home/ann/.pyenv/versions/3.12.1", false),
            ("/home/ann/project/.venv", true),
            ("/home/annex/python", false),
            ("/opt/python3.12", false),
            ("/venv", true),
        ] {
            assert_eq!(refusal(Path::new(prefix), is_venv, &homes), None, "{prefix}");
        }
        if let Some(home) = std::env::home_dir().filter(|h| h.is_dir() && h != Path::new("/")) {
            assert!(super::homes().contains(&home));
        }
    }

    #[test]
    fn of_an_installation_only_programs_and_libraries_are_shown() {
        let prefix = tempfile::tempdir().expect("a directory");
        for name in ["bin", "lib", "src", ".git", "notes"] {
            fs::create_dir(prefix.path().join(name)).expect("a directory");
        }
        fs::write(prefix.path().join(VENV), "").expect("a file");
        fs::write(prefix.path().join("secret"), "").expect("a file");
        let shown: Vec<PathBuf> = parts(prefix.path()).collect();
        assert_eq!(shown, ["bin", "lib", VENV].map(|name| prefix.path().join(name)));
        let paths = ["/a/lib/x", "/a/lib", "/a/lib", "/a/lib2", "/b"].map(PathBuf::from);
        let outer = ["/a/lib", "/a/lib2", "/b"].map(PathBuf::from);
        assert_eq!(outermost(paths.into()), outer);
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
