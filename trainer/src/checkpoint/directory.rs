//! Directories that appear whole or not at all.
//!
//! A directory is written under a hidden name beside its place, flushed to the disk file by file,
//! and renamed into place. A reader therefore never sees half of it, and a crash leaves only the
//! hidden remains, which the next writer removes.

use std::fs;
use std::path::{Path, PathBuf};

use super::CheckpointError;
use crate::files::{parent_of, sync};

/// Writes the directory `place` by `fill`, which is given an empty directory to write into.
///
/// An empty directory at `place` is replaced; one with content is left alone.
///
/// # Errors
/// As [`check_free`]; what `fill` or the file system reports otherwise. In every case of error
/// `place` is as before.
pub(crate) fn write_whole<E: From<CheckpointError>>(
    place: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    check_free(place)?;
    write_aside(place, fill, |aside| {
        fs::rename(aside, place).map_err(CheckpointError::io("rename into", place))
    })
}

/// As [`write_whole`], but a directory with content at `place` is replaced as well: it stays until
/// the new one is complete.
///
/// # Errors
/// What `fill` or the file system reports; `place` is then as before.
pub(crate) fn replace_whole<E: From<CheckpointError>>(
    place: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let old = hidden(place, "old");
    write_aside(place, fill, |aside| {
        remove(&old)?;
        let replaces = place.exists();
        if replaces {
            fs::rename(place, &old).map_err(CheckpointError::io("rename", place))?;
        }
        let renamed = fs::rename(aside, place).map_err(CheckpointError::io("rename into", place));
        if renamed.is_err() && replaces {
            fs::rename(&old, place).map_err(CheckpointError::io("rename back into", place))?;
        }
        renamed
    })?;
    Ok(remove(&old)?)
}

/// Fills a directory beside `place` and lets `put` rename it. It does not outlive an error.
fn write_aside<E: From<CheckpointError>>(
    place: &Path,
    fill: impl FnOnce(&Path) -> Result<(), E>,
    put: impl FnOnce(&Path) -> Result<(), CheckpointError>,
) -> Result<(), E> {
    let parent = parent_of(place);
    fs::create_dir_all(&parent).map_err(CheckpointError::io("create", &parent))?;
    let aside = hidden(place, "partial");
    remove(&aside)?;
    fs::create_dir(&aside).map_err(CheckpointError::io("create", &aside))?;
    let done = fill(&aside).and_then(|()| {
        sync_all(&aside)?;
        put(&aside)?;
        Ok(sync(&parent).map_err(CheckpointError::from)?)
    });
    if done.is_err() {
        // The error says what went wrong; remains that cannot be removed harm nobody.
        drop(fs::remove_dir_all(&aside));
    }
    done
}

/// Checks that `place` can be written by [`write_whole`]: it is absent or an empty directory.
///
/// # Errors
/// [`CheckpointError::Taken`] if there is something; [`CheckpointError::NoName`] for a place such
/// as `.`, which nothing can be renamed into.
pub(crate) fn check_free(place: &Path) -> Result<(), CheckpointError> {
    if place.file_name().is_none() {
        return Err(CheckpointError::NoName { path: place.to_owned() });
    }
    let taken = match fs::symlink_metadata(place) {
        Err(_) => false,
        Ok(found) if !found.is_dir() => true,
        Ok(_) => {
            let mut entries = fs::read_dir(place).map_err(CheckpointError::io("list", place))?;
            entries.next().is_some()
        }
    };
    if taken { Err(CheckpointError::Taken { path: place.to_owned() }) } else { Ok(()) }
}

/// A hidden name beside `place`.
fn hidden(place: &Path, purpose: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    parent_of(place).join(format!(".{name}.{purpose}"))
}

/// Removes a directory, if it is there.
fn remove(directory: &Path) -> Result<(), CheckpointError> {
    if directory.exists() {
        fs::remove_dir_all(directory).map_err(CheckpointError::io("remove", directory))?;
    }
    Ok(())
}

fn sync_all(directory: &Path) -> Result<(), CheckpointError> {
    for entry in fs::read_dir(directory).map_err(CheckpointError::io("list", directory))? {
        sync(&entry.map_err(CheckpointError::io("list", directory))?.path())?;
    }
    Ok(sync(directory)?)
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

    #[test]
    fn the_old_one_stays_until_the_new_one_is_complete() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("place");
        replace_whole(&place, |to| file(to, "old")).unwrap();
        let failed = replace_whole(&place, |to| {
            assert_eq!(fs::read_to_string(place.join("a")).unwrap(), "old");
            file(to, "half")?;
            Err(CheckpointError::format(to, "spoiled", "none"))
        });
        failed.unwrap_err();
        assert_eq!(fs::read_to_string(place.join("a")).unwrap(), "old");
        replace_whole(&place, |to| file(to, "new")).unwrap();
        assert_eq!(fs::read_to_string(place.join("a")).unwrap(), "new");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "nothing remains");
    }

    #[test]
    fn places_that_cannot_be_written_are_refused_at_once() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "x").unwrap();
        for (place, part) in [
            (file, "already exists"),
            (PathBuf::from("."), "such as ./checkpoint"),
            (home.path().join("x/.."), "not the name of a new directory"),
            (PathBuf::from("/"), "not the name of a new directory"),
        ] {
            let filled = write_whole(&place, |_| -> Result<(), CheckpointError> { panic!() });
            let message = filled.unwrap_err().to_string();
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
    }

    #[test]
    fn a_failed_rename_leaves_nothing() {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("place");
        let failed = write_whole(&place, |to| {
            // Somebody else is faster.
            fs::write(&place, "theirs").map_err(CheckpointError::io("write", &place))?;
            file(to, "ours")
        });
        failed.unwrap_err();
        assert_eq!(fs::read_to_string(&place).unwrap(), "theirs");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
