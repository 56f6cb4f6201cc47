use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use lehr_record::{Digest, Hasher};
use serde::Serialize;
use tantivy::directory::error::LockError;
use tantivy::{IndexWriter, TantivyError};

use super::layout::{COLUMNS, Manifest, document};
use super::{Corpora, Corpus, CorpusError, CorpusFile, check_name, failed};
use crate::rows::{RowFault, each_row};

/// The most threads that index documents, and the memory of each before it writes them out.
const THREADS: usize = 4;
const THREAD_BYTES: usize = 48 << 20;

/// Text that may wait for the indexing threads: the index bounds their number only.
const WAITING_BYTES: usize = 64 << 20;

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Documents that were added.
    pub documents: u64,
    /// The bytes of their texts.
    pub bytes: u64,
    /// Rows that were passed over because their text has no word.
    pub empty: u64,
    /// Files that were read.
    pub files: u64,
    /// Files that were passed over because they had been imported before.
    pub known: u64,
}

impl Corpora {
    /// Adds the documents of JSONL and Parquet files to the corpus of a name, which is made when
    /// there is none: all of them or, when anything fails, none. A document is a row with `text` or
    /// `messages`, and `id`, `domain` and `kind` where it has them.
    ///
    /// # Errors
    /// When the name is not acceptable, a file has a row that is no document or no document at all,
    /// or another process is changing the corpus.
    pub fn import(&self, name: &str, files: &[impl AsRef<Path>]) -> Result<Imported, CorpusError> {
        check_name(name)?;
        let dir = self.dir.join(name);
        fs::create_dir_all(&dir).map_err(|source| CorpusError::File {
            path: dir.clone(),
            doing: "make",
            source,
        })?;
        let corpus = Corpus::open(name, &dir)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS);
        let opened = corpus.index.writer_with_num_threads(threads, threads * THREAD_BYTES);
        let writer = opened.map_err(|source| match source {
            TantivyError::LockFailure(LockError::LockBusy, _) => {
                CorpusError::Busy { dir: dir.clone() }
            }
            source => failed(&dir, "change", source),
        })?;
        // Read under the writer's lock: no other import comes in between.
        let before = corpus.manifest()?;
        let new = before.is_none();
        let mut import = Import {
            manifest: before.unwrap_or_default(),
            corpus: &corpus,
            writer,
            waiting: 0,
            done: Imported::default(),
        };
        match files.iter().try_for_each(|file| import.file(file.as_ref())) {
            Ok(()) => import.commit(),
            Err(error) => {
                import.leave(new)?;
                Err(error)
            }
        }
    }
}

/// An import in the making.
struct Import<'a> {
    corpus: &'a Corpus,
    writer: IndexWriter,
    manifest: Manifest,
    /// Bytes of documents that may wait for the indexing threads.
    waiting: usize,
    done: Imported,
}

impl Import<'_> {
    fn file(&mut self, path: &Path) -> Result<(), CorpusError> {
        let sha256 = digest(path)?;
        if self.manifest.files.iter().any(|known| known.sha256 == sha256) {
            self.done.known += 1;
            return Ok(());
        }
        let before = self.manifest.documents;
        each_row(path, &COLUMNS, |place, row| -> Result<(), CorpusError> {
            let Some(document) = document(place, row)? else {
                self.done.empty += 1;
                return Ok(());
            };
            let fields = self.corpus.layout.document(&document, self.manifest.documents);
            self.writer.add_document(fields).map_err(|source| self.failed(source))?;
            self.manifest.documents += 1;
            self.manifest.bytes += document.body.len() as u64;
            self.done.bytes += document.body.len() as u64;
            self.waiting += 2 * document.body.len();
            if self.waiting > WAITING_BYTES {
                self.drain()?;
            }
            Ok(())
        })?;
        let documents = self.manifest.documents - before;
        if documents == 0 {
            return Err(CorpusError::Empty { path: path.to_owned() });
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.manifest.files.push(CorpusFile { name, sha256, documents });
        self.done.documents += documents;
        self.done.files += 1;
        Ok(())
    }

    /// Waits until every document so far is written out, without making them visible: what is
    /// prepared is committed with the rest, or not at all.
    fn drain(&mut self) -> Result<(), CorpusError> {
        let prepared = self.writer.prepare_commit();
        drop(prepared.map_err(|source| failed(&self.corpus.dir, "change", source))?);
        self.waiting = 0;
        Ok(())
    }

    fn commit(mut self) -> Result<Imported, CorpusError> {
        let dir = &self.corpus.dir;
        if self.done.files > 0 {
            let manifest = serde_json::to_string(&self.manifest)
                .map_err(|error| failed(dir, "change", error.into()))?;
            let commit = || -> Result<(), TantivyError> {
                let mut prepared = self.writer.prepare_commit()?;
                prepared.set_payload(&manifest);
                prepared.commit()?;
                self.writer.wait_merging_threads()
            };
            commit().map_err(|source| failed(dir, "change", source))?;
        }
        Ok(self.done)
    }

    /// Takes back what an import that failed has written.
    fn leave(mut self, new: bool) -> Result<(), CorpusError> {
        let dir = &self.corpus.dir;
        if new {
            drop(self.writer);
            return fs::remove_dir_all(dir).map_err(|source| CorpusError::File {
                path: dir.clone(),
                doing: "remove",
                source,
            });
        }
        let mut leave = || -> Result<(), TantivyError> {
            self.writer.rollback()?;
            self.writer.garbage_collect_files().wait().map(drop)
        };
        leave().map_err(|source| failed(dir, "tidy up", source))
    }

    fn failed(&self, source: TantivyError) -> CorpusError {
        failed(&self.corpus.dir, "change", source)
    }
}

fn digest(path: &Path) -> Result<Digest, CorpusError> {
    let fault = |error: std::io::Error| RowFault {
        place: path.display().to_string(),
        reason: error.to_string(),
    };
    let mut file = File::open(path).map_err(fault)?;
    let (mut hasher, mut buffer) = (Hasher::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(fault)? {
            0 => return Ok(hasher.finish()),
            read => hasher.update(&buffer[..read]),
        }
    }
}
