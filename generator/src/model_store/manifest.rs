use std::path::Path;

use lehr_record::Digest;
use serde::{Deserialize, Deserializer, Serialize};

use super::StoreError;

const FILE: &str = "manifest.json";

/// What is stored of a model: its `manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The model's name.
    pub name: String,
    /// Where it came from.
    pub source: String,
    /// Its files, as they were published.
    #[serde(alias = "model", deserialize_with = "one_or_more")]
    pub files: Vec<StoredFile>,
}

/// Reads a list of files, or the one file that manifests had at first.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<StoredFile>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Files {
        Many(Vec<StoredFile>),
        One(StoredFile),
    }
    Ok(match Files::deserialize(from)? {
        Files::Many(files) => files,
        Files::One(file) => vec![file],
    })
}

/// A file of a stored model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredFile {
    /// Its path, below the model's directory.
    pub file: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
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
        serde_json::from_slice(&text).map(Some).map_err(|error| damaged(error.to_string()))
    }

    pub(super) fn write(&self, home: &Path) -> Result<(), StoreError> {
        let path = home.join(FILE);
        let mut text = serde_json::to_vec_pretty(self)
            .map_err(|error| StoreError::disk(&path)(error.into()))?;
        text.push(b'\n');
        std::fs::write(&path, text).map_err(StoreError::disk(&path))
    }
}
