//! Directories that appear whole or not at all.
//!
//! A directory is written under a hidden name beside its place, flushed to the disk file by file,
//! and renamed into place. A reader therefore never sees half of it, and a crash leaves only the
//! hidden remains, which the next writer removes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::CheckpointError;

/// Writes the directory `place` by `fill`, which is given an empty directory to write into.
///
/// An empty directory at `place` is replaced; one with content is left alone.
///
/// # Errors
/// [`CheckpointError::Taken`] if `place` has content; what `fill` or the file system reports
/// otherwise. In every case of error `place` is as before.
pub(crate) fn write_whole<E: From<CheckpointError>>(
    place: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    if !is_free(place)? {
        return Err(CheckpointError::Taken { path: place.to_owned() }.into());
    }
    let parent = parent_of(place);
    fs::create_dir_all(&parent).map_err(CheckpointError::io("create", &parent))?;
    let aside = aside_of(place);
    if aside.exists() {
        fs::remove_dir_all(&aside).map_err(CheckpointError::io("remove", &aside))?;
    }
    fs::create_dir(&aside).map_err(CheckpointError::io("create", &aside))?;
    let filled = fill(&aside).and_then(|()| sync_all(&aside).map_err(E::from));
    if let Err(error) = filled {
        // The first error says what went wrong; remains that cannot be removed harm nobody.
        drop(fs::remove_dir_all(&aside));
        return Err(error);
    }
    fs::rename(&aside, place).map_err(CheckpointError::io("rename into", place))?;
    sync(&parent)?;
    Ok(())
}

/// Whether `place` is absent or an empty directory.
pub(crate) fn is_free(place: &Path) -> Result<bool, CheckpointError> {
    if !place.exists() {
        return Ok(true);
    }
    let mut entries = fs::read_dir(place).map_err(CheckpointError::io("list", place))?;
    Ok(entries.next().is_none())
}

/// The directory that holds `place`.
fn parent_of(place: &Path) -> PathBuf {
    match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// The hidden name under which `place` is written.
fn aside_of(place: &Path) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    parent_of(place).join(format!(".{name}.partial"))
}

fn sync_all(directory: &Path) -> Result<(), CheckpointError> {
    for entry in fs::read_dir(directory).map_err(CheckpointError::io("list", directory))? {
        sync(&entry.map_err(CheckpointError::io("list", directory))?.path())?;
    }
    sync(directory)
}

fn sync(path: &Path) -> Result<(), CheckpointError> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .map_err(CheckpointError::io("flush to the disk", path))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn file(directory: &Path, text: &str) -> Result<(), CheckpointError> {
        let path = directory.join("a");
        fs::write(&path, text).map_err(CheckpointError::io("write", &path))
    }

    #[test]
    fn appears_whole_or_not_at_all() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("x/place");
        let failed = write_whole(&place, |to| {
            file(to, "half")?;
            Err(CheckpointError::format(to, "spoiled", "none"))
        });
        assert!(failed.is_err() && !place.exists());
        assert_eq!(fs::read_dir(home.path().join("x")).unwrap().count(), 0, "nothing remains");

        // Remains of a crash are no hindrance.
        fs::create_dir_all(home.path().join("x/.place.partial/old")).unwrap();
        write_whole(&place, |to| file(to, "whole")).unwrap();
        assert_eq!(fs::read_to_string(place.join("a")).unwrap(), "whole");
        assert_eq!(fs::read_dir(home.path().join("x")).unwrap().count(), 1);

        let again = write_whole(&place, |to| file(to, "other"));
        assert!(matches!(again, Err(CheckpointError::Taken { .. })));
        assert_eq!(fs::read_to_string(place.join("a")).unwrap(), "whole");
    }
}
