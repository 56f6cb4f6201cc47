use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A directory as it was at one moment: all files below it with their bytes, and all directories.
pub struct Tree(BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Tree {
    /// Reads a directory.
    ///
    /// # Errors
    /// When something in it cannot be read.
    pub fn of(directory: &Path) -> Result<Self> {
        let mut found = BTreeMap::new();
        let mut open = vec![directory.to_owned()];
        while let Some(directory) = open.pop() {
            for entry in directory.read_dir().with_context(|| directory.display().to_string())? {
                let path = entry?.path();
                let bytes = if path.is_dir() {
                    open.push(path.clone());
                    None
                } else {
                    Some(std::fs::read(&path).with_context(|| path.display().to_string())?)
                };
                found.insert(path, bytes);
            }
        }
        Ok(Self(found))
    }

    /// What is there in only one of two moments, or differs. Locks and what SQLite shares between
    /// its readers are no state.
    pub fn changes(&self, other: &Self) -> Vec<String> {
        let names: BTreeSet<&PathBuf> = self.0.keys().chain(other.0.keys()).collect();
        names
            .into_iter()
            .filter(|name| self.0.get(*name) != other.0.get(*name))
            .map(|name| name.display().to_string())
            .filter(|name| !name.ends_with("-shm") && !name.ends_with(".lock"))
            .collect()
    }
}
