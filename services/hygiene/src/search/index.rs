use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Count, TopDocs};
use tantivy::directory::MmapDirectory;
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term};

use super::hits::{HitMaker, SNIPPET_CHARS};
use super::layout::{Layout, column};
use super::query::{Compiled, MAX_DEPTH};
use super::{Facets, SampleHits, SampleQuery, SearchError, SettledSample};
use crate::prose;

/// Memory for samples before they are written out in pieces; Tantivy asks for at least 15 MB.
const WRITER_BYTES: usize = 32 << 20;

/// The index of samples, in one directory that is its own. Shared by reference between threads; one
/// process at a time.
pub struct SampleIndex {
    dir: PathBuf,
    layout: Layout,
    index: Index,
    reader: IndexReader,
    /// Made at the first change, and anew after one that failed.
    writer: Mutex<Option<IndexWriter>>,
}

impl std::fmt::Debug for SampleIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SampleIndex").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl SampleIndex {
    /// Opens the index in `dir`; makes an empty one when there is none, or none that this version
    /// can read.
    ///
    /// # Errors
    /// When the directory cannot be made or written.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, SearchError> {
        let dir = dir.as_ref();
        let used = |source| SearchError::Directory { dir: dir.to_owned(), source };
        fs::create_dir_all(dir).map_err(used)?;
        match Self::try_open(dir) {
            Ok(index) => Ok(index),
            Err(error) => {
                tracing::warn!(%error, dir = %dir.display(), "the index of samples is made anew");
                fs::remove_dir_all(dir).map_err(used)?;
                fs::create_dir_all(dir).map_err(used)?;
                Self::try_open(dir).map_err(|source| failed(dir, "make", source))
            }
        }
    }

    fn try_open(dir: &Path) -> Result<Self, TantivyError> {
        let layout = Layout::new();
        let index = Index::builder()
            .schema(layout.schema.clone())
            .tokenizers(prose::tokenizers())
            .open_or_create(MmapDirectory::open(dir)?)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { dir: dir.to_owned(), layout, index, reader, writer: Mutex::default() })
    }

    /// What the last change left as its note; `None` when nothing was ever added.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn note(&self) -> Result<Option<String>, SearchError> {
        Ok(self.index.load_metas().map_err(|source| self.failed("read", source))?.payload)
    }

    /// How many samples are in it.
    pub fn samples(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Makes one change: what `edit` adds, and the note that it gives, are there together from the
    /// moment this returns, or not at all.
    ///
    /// # Errors
    /// What `edit` gives, or [`SearchError`] as `E` when the index cannot be written. Nothing is
    /// changed then.
    pub fn change<E: From<SearchError>>(
        &self,
        edit: impl FnOnce(&mut Change<'_>) -> Result<String, E>,
    ) -> Result<(), E> {
        let mut place = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out: a writer that failed, or whose change was left halfway, is dropped with it.
        let mut writer = match place.take() {
            Some(writer) => writer,
            None => self
                .index
                .writer_with_num_threads(1, WRITER_BYTES)
                .map_err(|source| self.failed("change", source))?,
        };
        let note = edit(&mut Change { index: self, writer: &writer })?;
        let commit = |writer: &mut IndexWriter| {
            let mut prepared = writer.prepare_commit()?;
            prepared.set_payload(&note);
            prepared.commit()?;
            self.reader.reload()
        };
        commit(&mut writer).map_err(|source| self.failed("change", source))?;
        *place = Some(writer);
        Ok(())
    }

    /// Finds samples.
    ///
    /// # Errors
    /// [`SearchError::Query`] when the query is at fault; when the index cannot be read.
    pub fn search(&self, query: &SampleQuery) -> Result<SampleHits, SearchError> {
        let Compiled { query: wanted, words } = query.compile(&self.layout)?;
        let run = || -> Result<SampleHits, TantivyError> {
            let searcher = self.reader.searcher();
            let offset = usize::try_from(query.cursor).unwrap_or(usize::MAX);
            let best = TopDocs::with_limit(query.limit).and_offset(offset).order_by((
                SortBySimilarityScore,
                (
                    SortByStaticFastValue::<u64>::for_field(column::CREATED),
                    SortByStaticFastValue::<u64>::for_field(column::PLACE),
                ),
            ));
            let facets = Facets::collector()?;
            let (total, best, counted) = searcher.search(&*wanted, &(Count, best, facets))?;
            let mut generators = Vec::new();
            for (name, field) in [("problem", self.layout.problem), ("reply", self.layout.reply)] {
                let mut any = false;
                words.query_terms(&mut |_, _| any = true);
                if any {
                    let mut generator = SnippetGenerator::create(&searcher, &*words, field)?;
                    generator.set_max_num_chars(SNIPPET_CHARS);
                    generators.push((name, generator));
                }
            }
            let maker = HitMaker { layout: &self.layout, generators };
            let mut data = Vec::with_capacity(best.len());
            for ((score, _), address) in best {
                let document: TantivyDocument = searcher.doc(address)?;
                data.push(maker.hit(&document, score));
            }
            let total = total as u64;
            let end = query.cursor + data.len() as u64;
            let facets = Facets::read(&serde_json::to_value(counted)?, total);
            let next = (!data.is_empty() && end < total.min(MAX_DEPTH + 1)).then_some(end);
            Ok(SampleHits { total, data, next, facets })
        };
        run().map_err(|source| self.failed("read", source))
    }

    fn failed(&self, doing: &'static str, source: TantivyError) -> SearchError {
        failed(&self.dir, doing, source)
    }
}

fn failed(dir: &Path, doing: &'static str, source: TantivyError) -> SearchError {
    SearchError::Index { dir: dir.to_owned(), doing, source: Box::new(source) }
}

/// A change in the making.
pub struct Change<'a> {
    index: &'a SampleIndex,
    writer: &'a IndexWriter,
}

impl Change<'_> {
    /// Adds a sample, in place of one of the same name.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn add(&mut self, settled: &SettledSample) -> Result<(), SearchError> {
        let layout = &self.index.layout;
        self.writer.delete_term(Term::from_field_text(layout.id, settled.sample.id.as_str()));
        let added = self.writer.add_document(layout.document(settled));
        added.map(drop).map_err(|source| self.index.failed("change", source))
    }

    /// Takes every sample out, those added before in this change too.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn clear(&mut self) -> Result<(), SearchError> {
        let cleared = self.writer.delete_all_documents();
        cleared.map(drop).map_err(|source| self.index.failed("change", source))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
