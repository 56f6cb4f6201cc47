//! The registry of benchmarks: one Tantivy index in one directory.
//!
//! Any number of threads and processes may check texts while one changes the registry; they see the
//! state before the change or after it, never in between. A change that fails or is killed leaves
//! the state before it. The writer's lock is held only during a change.

mod added;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use lehr_record::{BenchmarkInfo, Contamination, Digest};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::LockError;
use tantivy::indexer::LogMergePolicy;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term};

use crate::benchmark_file::{BenchmarkFile, FileState};
use crate::layout::{Layout, Manifest, TOKENIZER};
use crate::shingle::{ShingleTokenizer, Widths};
use crate::snapshot::{Snapshot, Stamp};
use crate::{HygieneError, RegistryView, Rules, Subject};

pub use added::{AddOptions, Added};

/// Memory for a change before it is written out in pieces; Tantivy asks for at least 15 MB.
const WRITER_BYTES: usize = 64 << 20;

/// The most bytes of a text that [`BenchmarkRegistry::check`] takes: what a caller waits for.
pub const MAX_TEXT_BYTES: usize = 4 << 20;

/// Whether an edit changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Commit {
    Yes,
    No,
}

/// The registered benchmarks, to check texts against. Shared by reference between threads.
pub struct BenchmarkRegistry {
    dir: PathBuf,
    rules: Arc<Rules>,
    layout: Layout,
    index: Index,
    reader: IndexReader,
    current: RwLock<Arc<Snapshot>>,
    changing: Mutex<()>,
}

impl std::fmt::Debug for BenchmarkRegistry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BenchmarkRegistry").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl BenchmarkRegistry {
    /// Opens the registry in `dir` with the usual rules; see [`Self::open_with`].
    ///
    /// # Errors
    /// See [`Self::open_with`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, HygieneError> {
        Self::open_with(dir, Rules::default())
    }

    /// Opens the registry in `dir`, to check by `rules`; makes an empty one when there is none. Reads the index's directory
    /// only, so it takes milliseconds whatever the size.
    ///
    /// # Errors
    /// When the directory cannot be made or read, or holds an index of another layout.
    pub fn open_with(dir: impl AsRef<Path>, rules: Rules) -> Result<Self, HygieneError> {
        let dir = dir.as_ref().to_owned();
        fs::create_dir_all(&dir)
            .map_err(|source| HygieneError::File { path: dir.clone(), source })?;
        let layout = Layout::new();
        let failed = |source: TantivyError| match source {
            TantivyError::SchemaError(_) | TantivyError::IncompatibleIndex(_) => {
                HygieneError::Incompatible { dir: dir.clone() }
            }
            source => HygieneError::Index { dir: dir.clone(), doing: "open", source },
        };
        let mmap = MmapDirectory::open(&dir).map_err(|e| failed(e.into()))?;
        let tokenizers = TokenizerManager::default();
        tokenizers.register(TOKENIZER, ShingleTokenizer);
        let index = Index::builder()
            .schema(layout.schema.clone())
            .tokenizers(tokenizers)
            .open_or_create(mmap)
            .map_err(failed)?;
        // Taken before the state is read: at worst the state is newer, and is read once more.
        let stamp = Stamp::of(&dir)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(failed)?;
        let current = Snapshot::new(stamp, &dir, &layout, reader.searcher())?;
        Ok(Self {
            dir,
            rules: Arc::new(rules),
            layout,
            index,
            reader,
            current: RwLock::new(Arc::new(current)),
            changing: Mutex::new(()),
        })
    }

    /// Registers the items of a JSONL or Parquet file under a name.
    ///
    /// What is not named in the options is read from the columns that publishers usually give that
    /// name ([`crate::QUESTION_FIELDS`] and its fellows). Only this benchmark's part of the index is
    /// written. The same file with the same columns again changes nothing.
    ///
    /// # Errors
    /// When the name or the file is not acceptable (see [`HygieneError`]), another benchmark has the
    /// name and it was not asked to be replaced, or another process is changing the registry.
    /// Nothing is changed then.
    pub fn add(
        &self,
        name: &str,
        path: impl AsRef<Path>,
        options: &AddOptions,
    ) -> Result<Added, HygieneError> {
        check_name(name)?;
        let path = path.as_ref();
        let state = FileState::read(path)?;
        self.change(|writer| {
            let known = self.get(name)?;
            if let Some(known) = &known {
                if known.sha256 == state.sha256 && known.columns == options.columns {
                    return Ok((Commit::No, Added::Same(known.clone())));
                }
                if !options.replace {
                    return Err(HygieneError::Exists {
                        name: name.to_owned(),
                        items: known.items,
                        sha256: known.sha256.clone(),
                    });
                }
            }
            let failed = |source| self.failed("change", source);
            writer.delete_term(Term::from_field_text(self.layout.benchmark, name));
            let (mut widths, mut longest) = (Widths::default(), 0);
            let file = BenchmarkFile::read(path, &options.columns, |text| {
                let (document, words) = self.layout.item_document(name, &text);
                widths.add_item(words);
                longest = longest.max(words as u64);
                writer.add_document(document).map(drop).map_err(failed)
            })?;
            state.check(path)?;
            let info = BenchmarkInfo {
                name: name.to_owned(),
                items: file.items,
                sha256: state.sha256.clone(),
                columns: options.columns.clone(),
            };
            let manifest = Manifest {
                info: info.clone(),
                content: file.content,
                widths: widths.bits(),
                documents: file.texts,
                longest,
            };
            let document = self.layout.manifest_document(&manifest);
            writer.add_document(document.map_err(|e| failed(e.into()))?).map_err(failed)?;
            Ok((
                Commit::Yes,
                if known.is_some() { Added::Replaced(info) } else { Added::New(info) },
            ))
        })
    }

    /// Takes a benchmark out of the registry.
    ///
    /// # Errors
    /// When there is none of this name, or another process is changing the registry.
    pub fn remove(&self, name: &str) -> Result<BenchmarkInfo, HygieneError> {
        self.change(|writer| {
            let unknown = || HygieneError::UnknownBenchmark { name: name.to_owned() };
            let known = self.get(name)?.ok_or_else(unknown)?;
            writer.delete_term(Term::from_field_text(self.layout.benchmark, name));
            Ok((Commit::Yes, known))
        })
    }

    /// A registered benchmark.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<BenchmarkInfo>, HygieneError> {
        let snapshot = self.snapshot()?;
        let infos = snapshot.manifests.iter().map(|manifest| &manifest.info);
        Ok(infos.into_iter().find(|info| info.name == name).cloned())
    }

    /// The registered benchmarks, in order of their names.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn list(&self) -> Result<Vec<BenchmarkInfo>, HygieneError> {
        Ok(self.snapshot()?.manifests.iter().map(|manifest| manifest.info.clone()).collect())
    }

    /// A digest of what a check depends on: the names and items of all benchmarks and the layout of
    /// the index. It changes exactly when one of them does; the order in which benchmarks were added,
    /// or items stand in their files, does not matter.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn version(&self) -> Result<Digest, HygieneError> {
        Ok(self.snapshot()?.version.clone())
    }

    /// Checks a text. Spans are byte offsets in it, at character borders.
    ///
    /// # Errors
    /// When the text is longer than [`MAX_TEXT_BYTES`] or the index cannot be read. The text is then
    /// not known to be clean.
    pub fn check<'a>(
        &self,
        subject: impl Into<Subject<'a>>,
    ) -> Result<Contamination, HygieneError> {
        let subject = subject.into();
        if subject.text.len() > MAX_TEXT_BYTES {
            let bytes = subject.text.len();
            return Err(HygieneError::TextTooLong { bytes, limit: MAX_TEXT_BYTES });
        }
        self.view()?.check(subject)
    }

    /// The present state, to check many texts against the same benchmarks.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn view(&self) -> Result<RegistryView, HygieneError> {
        Ok(RegistryView::new(self.snapshot()?, Arc::clone(&self.rules)))
    }

    /// The present state, with changes that other processes made since the last look. A look costs
    /// one `stat` when nothing changed.
    pub(crate) fn snapshot(&self) -> Result<Arc<Snapshot>, HygieneError> {
        let stamp = Stamp::of(&self.dir)?;
        {
            let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
            if current.stamp == stamp {
                return Ok(current.clone());
            }
        }
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if current.stamp != stamp {
            self.reader.reload().map_err(|source| self.failed("read", source))?;
            let snapshot = Snapshot::new(stamp, &self.dir, &self.layout, self.reader.searcher())?;
            *current = Arc::new(snapshot);
        }
        Ok(current.clone())
    }

    /// Makes one change as one commit. When `edit` fails, or wants none, nothing is committed. What
    /// `edit` sees of the registry nobody else changes meanwhile.
    fn change<T>(
        &self,
        edit: impl FnOnce(&mut IndexWriter) -> Result<(Commit, T), HygieneError>,
    ) -> Result<T, HygieneError> {
        let _guard = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let failed = |source| match source {
            TantivyError::LockFailure(LockError::LockBusy, _) => {
                HygieneError::Busy { dir: self.dir.clone() }
            }
            source => self.failed("change", source),
        };
        let mut writer = self.index.writer_with_num_threads(1, WRITER_BYTES).map_err(failed)?;
        writer.set_merge_policy(Box::new(one_segment()));
        let edited = edit(&mut writer);
        if matches!(edited, Ok((Commit::Yes, _))) {
            writer.commit().map_err(failed)?;
        } else {
            // What was written out before the fault was met goes too.
            writer.rollback().map_err(failed)?;
            writer.garbage_collect_files().wait().map_err(failed)?;
        }
        writer.wait_merging_threads().map_err(|source| {
            self.failed("tidy up after a change, which has been made, to", source)
        })?;
        edited.map(|(_, result)| result)
    }

    fn failed(&self, doing: &'static str, source: TantivyError) -> HygieneError {
        HygieneError::Index { dir: self.dir.clone(), doing, source }
    }
}

/// Registries change rarely and are read all the time: keep them in one segment without deleted
/// documents, so that a shingle is looked up once.
fn one_segment() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(2);
    policy.set_min_layer_size(u32::MAX);
    policy.set_del_docs_ratio_before_merge(f32::MIN_POSITIVE);
    policy
}

fn check_name(name: &str) -> Result<(), HygieneError> {
    let good = (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        && name.as_bytes()[0].is_ascii_alphanumeric();
    good.then_some(()).ok_or_else(|| HygieneError::Name { name: name.to_owned() })
}

#[cfg(test)]
mod tests;
