use std::path::{Path, PathBuf};

use lehr_record::Digest;
use serde::{Deserialize, Serialize};

use super::{StoreError, digest};

const FILE: &str = "manifest.json";

/// What is stored of a model: its `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The model's name.
    pub name: String,
    /// Where it came from.
    pub source: String,
    /// The GGUF file, as it was published.
    pub model: StoredFile,
}

/// A file of a stored model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredFile {
    /// Its name, in the model's directory.
    pub file: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

impl StoredFile {
    /// Checks the file's size and digest. Returns its path.
    pub(super) fn check(&self, home: &Path, name: &str) -> Result<PathBuf, StoreError> {
        let path = home.join(&self.file);
        let damaged =
            |what: String| StoreError::Damaged { path: path.clone(), what, name: name.to_owned() };
        // The size first: it finds a file that was cut off without reading it.
        match std::fs::metadata(&path) {
            Err(error) => return Err(damaged(error.to_string())),
            Ok(found) if found.len() != self.bytes => {
                return Err(damaged(format!("{} bytes, not {}", found.len(), self.bytes)));
            }
            Ok(_) => {}
        }
        let (sha256, _) = digest(&path)?;
        if sha256 != self.sha256 {
            return Err(damaged(format!("SHA-256 {sha256}, not {}", self.sha256)));
        }
        Ok(path)
    }
}

impl Manifest {
    /// The manifest in a model's directory; `None` when there is no such directory.
    pub(super) fn read(home: &Path) -> Result<Option<Self>, StoreError> {
        if !home.exists() {
            return Ok(None);
        }
        let path = home.join(FILE);
        let damaged = |what: String| StoreError::Damaged {
            path: path.clone(),
            what,
            name: home.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        };
        let text = std::fs::read(&path).map_err(|error| damaged(error.to_string()))?;
        let manifest: Self =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        let name = &manifest.model.file;
        if Path::new(name).file_name() != Some(name.as_ref()) {
            return Err(damaged(format!("{name:?} is no file name")));
        }
        Ok(Some(manifest))
    }

    pub(super) fn write(&self, home: &Path) -> Result<(), StoreError> {
        let path = home.join(FILE);
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|error| StoreError::disk(&path)(error.into()))?;
        text.push(b'\n');
        std::fs::write(&path, text).map_err(StoreError::disk(&path))
    }
}
