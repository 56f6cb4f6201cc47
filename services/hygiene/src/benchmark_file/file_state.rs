use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use lehr_record::{Digest, Hasher};

use crate::HygieneError;

/// A file's bytes, by their digest, and what tells whether it was changed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// The digest of its bytes.
    pub sha256: Digest,
    stamp: (u64, u64, i64, i64),
}

impl FileState {
    /// Reads a file through.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self, HygieneError> {
        let failed = |source: io::Error| HygieneError::File { path: path.to_owned(), source };
        let stamp = Self::stamp(path).map_err(failed)?;
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(failed(io::Error::other("it is not a regular file; save it to one first")));
        }
        let mut file = File::open(path).map_err(failed)?;
        let (mut hasher, mut buffer) = (Hasher::default(), vec![0; 1 << 16]);
        loop {
            match file.read(&mut buffer).map_err(failed)? {
                0 => return Ok(Self { sha256: hasher.finish(), stamp }),
                read => hasher.update(&buffer[..read]),
            }
        }
    }

    /// Whether the file is still the same.
    ///
    /// # Errors
    /// When it was changed or cannot be found any more.
    pub fn check(&self, path: &Path) -> Result<(), HygieneError> {
        let changed = || io::Error::other("it was changed while it was read; try again");
        let now = Self::stamp(path);
        match now.and_then(|now| if now == self.stamp { Ok(()) } else { Err(changed()) }) {
            Ok(()) => Ok(()),
            Err(source) => Err(HygieneError::File { path: path.to_owned(), source }),
        }
    }

    fn stamp(path: &Path) -> io::Result<(u64, u64, i64, i64)> {
        let meta = fs::metadata(path)?;
        Ok((meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec()))
    }
}
