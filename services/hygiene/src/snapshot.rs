//! One state of the registry, as a check sees it from beginning to end.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use lehr_record::Digest;
use tantivy::collector::DocSetCollector;
use tantivy::columnar::Column;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{
    DocAddress, DocId, DocSet, InvertedIndexReader, Searcher, SegmentReader, TERMINATED,
    TantivyDocument, TantivyError,
};

use crate::HygieneError;
use crate::benchmark_file::Part;
use crate::known::Known;
use crate::layout::{DISTINCT_COLUMN, Layout, MANIFEST, Manifest, TOKENIZER};
use crate::paraphrase::Meaning;
use crate::shingle::{ShingleId, Widths};

/// Tells one committed state of the index from another: a commit replaces `meta.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    inode: u64,
    modified: (i64, i64),
    size: u64,
}

impl Stamp {
    /// The stamp of the state that is now in a directory.
    pub fn of(dir: &Path) -> Result<Self, HygieneError> {
        let path = dir.join("meta.json");
        let meta = fs::metadata(&path).map_err(|source| HygieneError::File { path, source })?;
        let modified = (meta.mtime(), meta.mtime_nsec());
        Ok(Self { inode: meta.ino(), modified, size: meta.size() })
    }
}

/// One state of the registry.
pub struct Snapshot {
    /// Which state it is.
    pub stamp: Stamp,
    /// The registered benchmarks, in order of their names.
    pub manifests: Vec<Manifest>,
    /// See [`crate::BenchmarkRegistry::version`].
    pub version: Digest,
    /// The widths of all shingles in the index.
    pub widths: Widths,
    /// The number of words of the longest text of an item.
    pub longest: usize,
    dir: PathBuf,
    layout: Layout,
    searcher: Searcher,
    segments: Vec<Segment>,
    meaning: OnceLock<Arc<Meaning>>,
    known: OnceLock<Known>,
    reading: Mutex<()>,
}

/// What lookups need of a segment, opened once.
struct Segment {
    reader: SegmentReader,
    shingles: Arc<InvertedIndexReader>,
    distinct: Column<u64>,
}

/// A text of an item, read back.
#[derive(Clone, Debug)]
pub struct StoredText {
    /// The benchmark's name.
    pub benchmark: String,
    /// The item's identifier.
    pub item: String,
    /// What part of the item it is.
    pub part: Part,
    /// The text as it was given.
    pub text: String,
    /// The item's final answer as its publisher writes it, where it has a short one.
    pub answer: Option<String>,
}

impl Snapshot {
    /// Reads the manifests of a state.
    pub fn new(
        stamp: Stamp,
        dir: &Path,
        layout: &Layout,
        searcher: Searcher,
    ) -> Result<Self, HygieneError> {
        let failed = |source| HygieneError::Index { dir: dir.to_owned(), doing: "read", source };
        let manifests = read_manifests(layout, &searcher).map_err(failed)?;
        let segments = searcher
            .segment_readers()
            .iter()
            .map(|reader| Segment::open(reader, layout.shingles))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        let contents: Vec<_> = manifests.iter().map(|m| (&m.info.name, &m.content)).collect();
        Ok(Self {
            stamp,
            version: Digest::of_json(&(TOKENIZER, contents)),
            widths: manifests.iter().fold(Widths::default(), |all, m| all.union(m.widths())),
            longest: manifests.iter().map(|m| m.longest as usize).max().unwrap_or(0),
            manifests,
            dir: dir.to_owned(),
            layout: layout.clone(),
            searcher,
            segments,
            meaning: OnceLock::new(),
            known: OnceLock::new(),
            reading: Mutex::new(()),
        })
    }

    /// What is known of the items; read when it is first asked for.
    pub fn known(&self) -> Result<&Known, HygieneError> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let _one = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let known = Known::read(self)?;
        Ok(self.known.get_or_init(|| known))
    }

    /// The number of different shingles, and those that at least `least` documents have.
    pub fn frequent_shingles(
        &self,
        least: u32,
    ) -> Result<(usize, HashSet<ShingleId>), HygieneError> {
        let (mut terms, mut frequent) = (0, HashSet::new());
        for segment in &self.segments {
            let dictionary = segment.shingles.terms();
            terms += dictionary.num_terms();
            let mut stream = dictionary.stream().map_err(|e| self.failed(e.into()))?;
            while let Some((term, info)) = stream.next() {
                if info.doc_freq >= least {
                    frequent.extend(ShingleId::from_term(term));
                }
            }
        }
        Ok((terms, frequent))
    }

    /// Reads back all texts of items.
    pub fn each_text(
        &self,
        mut each: impl FnMut(DocAddress, StoredText),
    ) -> Result<(), HygieneError> {
        for (ordinal, segment) in (0..).zip(&self.segments) {
            for document in segment.reader.doc_ids_alive() {
                let address = DocAddress::new(ordinal, document);
                if segment.distinct.first(document).is_some() {
                    each(address, self.text_of(address)?);
                }
            }
        }
        Ok(())
    }

    /// Calls `each` with every document that has the shingle, and returns their number.
    pub fn documents_with(
        &self,
        shingle: ShingleId,
        mut each: impl FnMut(DocAddress),
    ) -> Result<u32, HygieneError> {
        let mut count = 0;
        for (ordinal, segment) in (0..).zip(&self.segments) {
            segment
                .documents_with(shingle, |document| {
                    count += 1;
                    each(DocAddress::new(ordinal, document));
                })
                .map_err(|e| self.failed(e.into()))?;
        }
        Ok(count)
    }

    /// The number of different shingles of a document's text.
    pub fn distinct_shingles_of(&self, address: DocAddress) -> u64 {
        let segment = &self.segments[address.segment_ord as usize];
        segment.distinct.first(address.doc_id).unwrap_or(0)
    }

    /// Reads a text back.
    pub fn text_of(&self, address: DocAddress) -> Result<StoredText, HygieneError> {
        self.stored(address)?.ok_or_else(|| self.failed(damaged("a manifest in place of a text")))
    }

    /// Reads a text back; `None` when the document is a manifest.
    fn stored(&self, address: DocAddress) -> Result<Option<StoredText>, HygieneError> {
        let document: TantivyDocument =
            self.searcher.doc(address).map_err(|source| self.failed(source))?;
        let field = |field: Field| stored(&document, field).map_err(|source| self.failed(source));
        let part = field(self.layout.part)?;
        if part == MANIFEST {
            return Ok(None);
        }
        Ok(Some(StoredText {
            benchmark: field(self.layout.benchmark)?,
            item: field(self.layout.item)?,
            part: Part::from_name(&part).ok_or_else(|| self.failed(damaged(&part)))?,
            text: field(self.layout.text)?,
            answer: stored(&document, self.layout.answer).ok(),
        }))
    }

    /// The questions, for the search for paraphrases; read when they are first asked for.
    pub fn meaning(&self) -> Result<Arc<Meaning>, HygieneError> {
        if let Some(meaning) = self.meaning.get() {
            return Ok(Arc::clone(meaning));
        }
        let mut questions = Vec::new();
        for (segment, reader) in (0..).zip(self.searcher.segment_readers()) {
            for document in reader.doc_ids_alive() {
                let address = DocAddress::new(segment, document);
                let stored = self.stored(address)?;
                questions.extend(stored.filter(|stored| stored.part == Part::Question));
            }
        }
        // By name, so that the order of adding does not matter.
        questions.sort_by(|a, b| {
            (&a.benchmark, &a.item, &a.text).cmp(&(&b.benchmark, &b.item, &b.text))
        });
        let meaning = Arc::new(Meaning::new(questions, &self.dir));
        Ok(Arc::clone(self.meaning.get_or_init(|| meaning)))
    }

    fn failed(&self, source: TantivyError) -> HygieneError {
        HygieneError::Index { dir: self.dir.clone(), doing: "read", source }
    }
}

impl Segment {
    fn open(reader: &SegmentReader, shingles: Field) -> Result<Self, TantivyError> {
        Ok(Self {
            shingles: reader.inverted_index(shingles)?,
            distinct: reader.fast_fields().u64(DISTINCT_COLUMN)?,
            reader: reader.clone(),
        })
    }

    fn documents_with(&self, shingle: ShingleId, mut each: impl FnMut(DocId)) -> io::Result<()> {
        let Some(info) = self.shingles.terms().get(shingle.to_term())? else { return Ok(()) };
        let mut postings =
            self.shingles.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
        while postings.doc() != TERMINATED {
            if !self.reader.is_deleted(postings.doc()) {
                each(postings.doc());
            }
            postings.advance();
        }
        Ok(())
    }
}

fn read_manifests(layout: &Layout, searcher: &Searcher) -> Result<Vec<Manifest>, TantivyError> {
    let query = TermQuery::new(layout.manifest_term(), IndexRecordOption::Basic);
    let mut manifests = Vec::new();
    for address in searcher.search(&query, &DocSetCollector)? {
        let document: TantivyDocument = searcher.doc(address)?;
        manifests.push(serde_json::from_str::<Manifest>(&stored(&document, layout.text)?)?);
    }
    manifests.sort_by(|a, b| a.info.name.cmp(&b.info.name));
    Ok(manifests)
}

fn stored(document: &TantivyDocument, field: Field) -> Result<String, TantivyError> {
    let value = document.get_first(field).and_then(|value| value.as_str());
    value.map(str::to_owned).ok_or_else(|| damaged("a document without one of its fields"))
}

fn damaged(what: &str) -> TantivyError {
    TantivyError::DataCorruption(tantivy::error::DataCorruption::comment_only(format!(
        "unexpected in the benchmark index: {what}"
    )))
}
