//! Corpora: texts of one's own, to find those about a topic.
//!
//! A corpus is a Tantivy index in a directory of its own. Files are imported one commit a call, so
//! that an import is there as a whole or not at all, whatever ends it; a file that was imported
//! before, told by its digest, is passed over. Texts are streamed: memory does not grow with them.
//!
//! ```text
//! JSONL, Parquet ─► rows ─► layout ─► import ─► index (Tantivy) ─► recall ◄─ Topic
//!                                                                    └─► documents with reasons
//! ```

mod error;
mod excerpt;
mod import;
mod layout;
mod recall;
mod topic;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lehr_record::Digest;
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::{Index, TantivyError};

use crate::prose;
use layout::{Layout, Manifest};

pub use error::CorpusError;
pub use excerpt::Excerpter;
pub use import::Imported;
pub use recall::{RecallLimits, RecallSummary, RecalledDocument};
pub use topic::{MAX_TOPIC_TERMS, Topic};

/// Before the name of a corpus that is being removed. No corpus has a name like it.
const REMOVED: &str = ".removed-";

/// A file that was imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorpusFile {
    /// Its name, without the directory.
    pub name: String,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its documents.
    pub documents: u64,
}

/// A corpus as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CorpusInfo {
    /// Its name.
    pub name: String,
    /// Its documents.
    pub documents: u64,
    /// The bytes of their texts.
    pub bytes: u64,
    /// The files that were imported, in order.
    pub files: Vec<CorpusFile>,
}

/// The directory of all corpora. Any number of threads and processes may read while one imports.
#[derive(Clone, Debug)]
pub struct Corpora {
    dir: PathBuf,
}

/// One corpus, to be read.
pub struct Corpus {
    name: String,
    dir: PathBuf,
    layout: Layout,
    index: Index,
}

impl Corpora {
    /// The corpora in `dir`, which need not be there yet. What a removal that was cut off left
    /// behind is swept away.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, CorpusError> {
        let corpora = Self { dir: dir.as_ref().to_owned() };
        for name in corpora.entries()? {
            if name.starts_with(REMOVED) {
                let path = corpora.dir.join(name);
                match fs::remove_dir_all(&path) {
                    // Whoever removes it is still at it.
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(CorpusError::File { path, doing: "remove", source: error });
                    }
                    _ => {}
                }
            }
        }
        Ok(corpora)
    }

    /// All corpora, in order of their names.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn list(&self) -> Result<Vec<CorpusInfo>, CorpusError> {
        let mut all = Vec::new();
        for name in self.entries()? {
            if check_name(&name).is_ok()
                && let Some(corpus) = self.find(&name)?
                && let Some(info) = corpus.info()?
            {
                all.push(info);
            }
        }
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// One corpus.
    ///
    /// # Errors
    /// When there is none of this name, or it cannot be read.
    pub fn get(&self, name: &str) -> Result<Corpus, CorpusError> {
        let unknown = || CorpusError::Unknown { name: name.to_owned() };
        check_name(name).map_err(|_| unknown())?;
        let corpus = self.find(name)?.ok_or_else(unknown)?;
        corpus.info()?.ok_or_else(unknown)?;
        Ok(corpus)
    }

    /// Takes a corpus away, also one that this version cannot read.
    ///
    /// # Errors
    /// When there is none of this name, or its directory cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), CorpusError> {
        let unknown = || CorpusError::Unknown { name: name.to_owned() };
        check_name(name).map_err(|_| unknown())?;
        let dir = self.dir.join(name);
        let aside = self.dir.join(format!("{REMOVED}{name}-{}", std::process::id()));
        let failed = |source| CorpusError::File { path: dir.clone(), doing: "remove", source };
        match fs::rename(&dir, &aside) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(unknown()),
            renamed => renamed.map_err(failed)?,
        }
        match fs::remove_dir_all(&aside) {
            // Another process has swept it away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed.map_err(failed),
        }
    }

    fn entries(&self) -> Result<Vec<String>, CorpusError> {
        let failed = |source| CorpusError::File { path: self.dir.clone(), doing: "read", source };
        let entries = match fs::read_dir(&self.dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut names = Vec::new();
        for entry in entries {
            names.extend(entry.map_err(failed)?.file_name().into_string());
        }
        Ok(names)
    }

    /// `None` when there is no index of this name.
    fn find(&self, name: &str) -> Result<Option<Corpus>, CorpusError> {
        let dir = self.dir.join(name);
        if !dir.join("meta.json").is_file() {
            return Ok(None);
        }
        Corpus::open(name, &dir).map(Some)
    }
}

impl Corpus {
    /// Opens the index in `dir`, or makes an empty one.
    fn open(name: &str, dir: &Path) -> Result<Self, CorpusError> {
        let layout = Layout::new();
        let open = || -> Result<Index, TantivyError> {
            Index::builder()
                .schema(layout.schema.clone())
                .tokenizers(prose::tokenizers())
                .open_or_create(MmapDirectory::open(dir)?)
        };
        let index = open().map_err(|source| failed(dir, "open", source))?;
        Ok(Self { name: name.to_owned(), dir: dir.to_owned(), layout, index })
    }

    /// What it is; `None` when no import has ended well.
    fn info(&self) -> Result<Option<CorpusInfo>, CorpusError> {
        let manifest = self.manifest()?;
        Ok(manifest.map(|Manifest { documents, bytes, files }| CorpusInfo {
            name: self.name.clone(),
            documents,
            bytes,
            files,
        }))
    }

    fn manifest(&self) -> Result<Option<Manifest>, CorpusError> {
        let metas = self.index.load_metas().map_err(|source| failed(&self.dir, "read", source))?;
        let Some(payload) = metas.payload else { return Ok(None) };
        let read = serde_json::from_str(&payload);
        read.map(Some).map_err(|_| CorpusError::Incompatible { dir: self.dir.clone() })
    }
}

fn failed(dir: &Path, doing: &'static str, source: TantivyError) -> CorpusError {
    let dir = dir.to_owned();
    match source {
        TantivyError::SchemaError(_) | TantivyError::IncompatibleIndex(_) => {
            CorpusError::Incompatible { dir }
        }
        source => CorpusError::Index { dir, doing, source: Box::new(source) },
    }
}

fn check_name(name: &str) -> Result<(), CorpusError> {
    let good = (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && name.as_bytes()[0].is_ascii_alphanumeric();
    good.then_some(()).ok_or_else(|| CorpusError::Name { name: name.to_owned() })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
