//! Files: written whole or not at all, and what to do when the system refuses.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The file system refused.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} {}: {cause}; {}", path.display(), remedy(cause))]
pub struct FileError {
    /// What was tried: "read", "write", "rename" and the like.
    pub action: &'static str,
    /// The file or directory.
    pub path: PathBuf,
    /// What the system said. Not a `source`: the message has it, and would be printed twice.
    pub cause: io::Error,
}

impl FileError {
    /// Turns an I/O error at `path` into a file error; for `map_err`.
    pub(crate) fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self { action, path, cause }
    }
}

/// What to do about an error of the system.
fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::NotFound => "check the path",
        ErrorKind::PermissionDenied => "change its permissions, or choose another place",
        ErrorKind::ReadOnlyFilesystem => "choose a place that can be written to",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "free space on the disk, or choose another place"
        }
        ErrorKind::NotADirectory => "check the path, of which a part is a file",
        ErrorKind::IsADirectory => "give the path of a file",
        ErrorKind::InvalidData => "give a file of UTF-8 text",
        _ => "check the disk, and try again",
    }
}

/// Writes a file under another name beside its place, flushes it to the disk, and renames it into
/// place: after a crash there is the old file or the new one, never half of one.
///
/// # Errors
/// What the file system reports; `path` is then as before.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let aside = aside_of(path);
    let written = File::create(&aside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(FileError::at("write", &aside))
        .and_then(|()| fs::rename(&aside, path).map_err(FileError::at("rename into", path)));
    if written.is_err() {
        // The error says what went wrong; remains that cannot be removed harm nobody.
        drop(fs::remove_file(&aside));
    }
    written?;
    sync(&parent_of(path))
}

/// The name under which `path` is written before it is complete.
fn aside_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".partial");
    name.into()
}

/// The directory that holds `path`.
pub(crate) fn parent_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Waits until a file, or the names in a directory, are on the disk.
///
/// # Errors
/// What the file system reports.
pub(crate) fn sync(path: &Path) -> Result<(), FileError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(FileError::at("flush to the disk", path))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_remains() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("run.toml");
        for text in ["first", "second"] {
            write_whole(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        // A directory is in the way: the rename fails, and what was written aside goes.
        let taken = home.path().join("taken");
        fs::create_dir(&taken).unwrap();
        write_whole(&taken, b"x").unwrap_err();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn every_error_has_a_remedy() {
        for (kind, part) in [
            (ErrorKind::NotFound, "check the path"),
            (ErrorKind::PermissionDenied, "permissions"),
            (ErrorKind::StorageFull, "free space"),
            (ErrorKind::NotADirectory, "a part is a file"),
            (ErrorKind::Other, "try again"),
        ] {
            let error = FileError::at("read", Path::new("a/b"))(kind.into()).to_string();
            assert!(error.starts_with("cannot read a/b: ") && error.contains(part), "{error}");
        }
    }
}
