//! Finds the programs of a toolchain on this machine.
//!
//! What stands on the path may be a shim (rustup, nvm, jenv) or a link to somewhere else, so a
//! toolchain is asked where it really lies, and of a place outside `/usr` only the toolchain's own
//! directories are shown to programs.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::{homes, refusal};

/// Where the real executable of a name on the path lies; links that lead to something of another
/// name for every compiler alike (ccache) are passed over.
pub(super) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|dir| dir.is_absolute())
        .map(|dir| dir.join(name))
        .filter_map(|file| fs::canonicalize(file).ok())
        .find(|file| file.file_name() != Some(OsStr::new("ccache")) && is_executable(file))
}

/// Whether it is a file that may be executed.
pub(super) fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// What a command prints, trimmed; what went wrong, when it could not be asked.
pub(super) fn ask(mut command: Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let answer = command
        .current_dir("/")
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|error| format!("{name} cannot be started: {error}"))?;
    if !answer.status.success() {
        let said = String::from_utf8_lossy(&answer.stderr);
        return Err(format!("{name} did not answer: {}", crate::answer::clip(said.trim(), 300)));
    }
    Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned())
}

/// A command with these arguments.
pub(super) fn command<S: AsRef<OsStr>>(program: impl AsRef<OsStr>, args: &[S]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    command
}

/// Refuses an installation that holds somebody's own files, as for Python.
pub(super) fn may_show(prefix: &Path) -> Result<(), String> {
    match refusal(prefix, false, &homes()).filter(|_| !prefix.starts_with("/usr")) {
        Some(why) => Err(format!("the toolchain {why}")),
        None => Ok(()),
    }
}

/// The parts of an installation outside `/usr` that are there.
pub(super) fn parts(prefix: &Path, names: &[&str]) -> Vec<PathBuf> {
    if prefix.starts_with("/usr") {
        return Vec::new();
    }
    names.iter().map(|name| prefix.join(name)).filter(|path| path.exists()).collect()
}

/// The first word of a text that looks like a version.
pub(super) fn version(text: &str) -> String {
    text.split([' ', '\n', '"', '('])
        .map(|word| word.trim_start_matches("go").trim_start_matches('v'))
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
        .unwrap_or("unknown")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_tools_say() {
        for (said, read) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", "1.95.0"),
            ("v20.20.2", "20.20.2"),
            ("go1.19.8", "1.19.8"),
            ("go version go1.19.8 linux/amd64", "1.19.8"),
            ("javac 17.0.15", "17.0.15"),
            ("GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)", "5.2.15"),
            ("12.2.0", "12.2.0"),
            ("what?", "unknown"),
        ] {
            assert_eq!(version(said), read, "{said}");
        }
    }

    #[test]
    fn a_command_that_fails_says_why() {
        assert!(ask(command("/does/not/exist", &["-v"])).is_err_and(|e| e.contains("started")));
        assert!(ask(command("/bin/false", &["-v"])).is_err_and(|e| e.contains("did not answer")));
        assert!(on_path("no-such-program-anywhere").is_none());
        assert!(on_path("sh").is_some_and(|file| is_executable(&file)));
    }
}
