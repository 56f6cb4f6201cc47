//! The fields of the index.
//!
//! Every text of an item is a document: the name of its benchmark, the item, the part, the item's
//! final answer, the text as it was given, and its shingles as terms at the positions of their first
//! words. The byte offsets of a position are those of the words of the stored text
//! ([`crate::shingle::Words`]), which every check reads anyway, so the index need not keep them. A benchmark itself is a document too, its manifest. So a
//! benchmark and its items come, go and are replaced in one commit, and whoever reads the index sees
//! all of a benchmark or nothing of it.

use std::collections::HashSet;

use lehr_record::{BenchmarkInfo, Digest};
use serde::{Deserialize, Serialize};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use crate::benchmark_file::ItemText;
use crate::shingle::{Widths, Words, item_shingles};

/// The name of the shingle tokenizer in the index. Its number changes with normal form, tokens,
/// shingles, fields or which texts are indexed, so that an index of another layout is refused rather than misread.
pub const TOKENIZER: &str = "shingle-3";

/// The part name of a manifest.
pub const MANIFEST: &str = "manifest";

/// Handles of the index's fields.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The whole schema.
    pub schema: Schema,
    /// The benchmark's name, an indexed and stored term.
    pub benchmark: Field,
    /// The item's identifier, stored.
    pub item: Field,
    /// What the document is: a part's name, or `manifest`; an indexed and stored term.
    pub part: Field,
    /// The text of the item, or the manifest as JSON; stored.
    pub text: Field,
    /// The item's final answer, stored, where it has a short one.
    pub answer: Field,
    /// The shingles of the text, indexed with positions.
    pub shingles: Field,
    /// The number of different shingles of the text, a column.
    pub distinct: Field,
}

/// The name of the column of [`Layout::distinct`].
pub const DISTINCT_COLUMN: &str = "distinct";

impl Layout {
    /// The layout that this version reads and writes.
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let shingles = TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(TOKENIZER)
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions),
        );
        let benchmark = builder.add_text_field("benchmark", STRING | STORED);
        let item = builder.add_text_field("item", STORED);
        let part = builder.add_text_field("part", STRING | STORED);
        let text = builder.add_text_field("text", STORED);
        let answer = builder.add_text_field("answer", STORED);
        let shingles = builder.add_text_field("shingles", shingles);
        let distinct = builder.add_u64_field(DISTINCT_COLUMN, FAST);
        Self { schema: builder.build(), benchmark, item, part, text, answer, shingles, distinct }
    }

    /// The document of an item's text, and the number of its words.
    pub fn item_document(&self, benchmark: &str, text: &ItemText) -> (TantivyDocument, usize) {
        let words: Vec<_> = Words::new(&text.text).collect();
        let distinct = item_shingles(&words).into_iter().collect::<HashSet<_>>().len();
        let mut document = TantivyDocument::new();
        document.add_text(self.benchmark, benchmark);
        document.add_text(self.item, &text.item);
        document.add_text(self.part, text.part.as_str());
        document.add_text(self.text, &text.text);
        if let Some(answer) = &text.answer {
            document.add_text(self.answer, answer);
        }
        document.add_text(self.shingles, &text.text);
        document.add_u64(self.distinct, distinct as u64);
        (document, words.len())
    }

    /// The document of a benchmark itself.
    pub fn manifest_document(&self, manifest: &Manifest) -> serde_json::Result<TantivyDocument> {
        let mut document = TantivyDocument::new();
        document.add_text(self.benchmark, &manifest.info.name);
        document.add_text(self.part, MANIFEST);
        document.add_text(self.text, serde_json::to_string(manifest)?);
        Ok(document)
    }

    /// The term that all manifests have.
    pub fn manifest_term(&self) -> tantivy::Term {
        tantivy::Term::from_field_text(self.part, MANIFEST)
    }
}

/// What the registry knows of a benchmark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What is told to the outside.
    pub info: BenchmarkInfo,
    /// The digest of the items: equal for files with the same items in another order or spacing, or
    /// of another format.
    pub content: Digest,
    /// The widths of its shingles, as [`Widths::bits`].
    pub widths: u8,
    /// The number of documents of its items.
    pub documents: u64,
    /// The number of words of its longest text.
    pub longest: u64,
}

impl Manifest {
    /// The widths of its shingles.
    pub fn widths(&self) -> Widths {
        Widths::from_bits(self.widths)
    }
}
