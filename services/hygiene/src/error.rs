use std::io;
use std::path::PathBuf;

use lehr_record::Digest;
use tantivy::TantivyError;

use crate::rows::RowFault;

/// Why a benchmark could not be registered or a text could not be checked.
///
/// A text whose check failed is *not* clean: it has not been checked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HygieneError {
    /// A benchmark's name has characters that a name may not have.
    #[error(
        "`{name}` cannot name a benchmark: use 1 to 64 letters, digits, `.`, `_` or `-`, \
         the first one a letter or digit"
    )]
    Name {
        /// The name as given.
        name: String,
    },
    /// No benchmark of this name is registered.
    #[error("no benchmark `{name}` is registered; `lehr benchmark list` shows those that are")]
    UnknownBenchmark {
        /// The name as given.
        name: String,
    },
    /// The benchmark's file could not be read.
    #[error("cannot read {path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of rows, or one of them, cannot be read.
    #[error(transparent)]
    Row(#[from] RowFault),
    /// A column that was named is not there.
    #[error("{place}: there is no column `{column}`; there are {found}")]
    MissingColumn {
        /// The file, with the line or row where it is one.
        place: String,
        /// The column.
        column: String,
        /// The columns that there are, joined by commas.
        found: String,
    },
    /// Another benchmark of this name is registered.
    #[error(
        "another benchmark `{name}` is registered already ({items} items, sha256 {sha256}); \
         replace it with --replace, or give this one another name"
    )]
    Exists {
        /// The name.
        name: String,
        /// The number of items of the one that there is.
        items: u64,
        /// The digest of its file.
        sha256: Digest,
    },
    /// A line is not a JSON object.
    #[error("{place}, line {line}, column {column}: {message}; every line must be one JSON object")]
    Json {
        /// The file, or what was being read.
        place: String,
        /// The line, from 1.
        line: u64,
        /// The column, from 1; 0 when the line as a whole is at fault.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// A row of a benchmark holds no text that could be looked for.
    #[error(
        "{place}: none of its columns ({found}) gives text to look for; say which do (a question, \
         an answer of {answer_words} words or more, a program), or give them usual names: \
         {known_questions}; {known_answers}"
    )]
    NoText {
        /// The file with the line or row.
        place: String,
        /// The names of the columns that there are, joined by commas.
        found: String,
        /// The names that columns with questions usually have.
        known_questions: String,
        /// The words from which an answer is looked for.
        answer_words: usize,
        /// The names that columns with answers, solutions and programs usually have.
        known_answers: String,
    },
    /// The benchmark's file has no items.
    #[error("{path} has no items: it is empty, or has only blank lines")]
    NoItems {
        /// The file.
        path: PathBuf,
    },
    /// Another process is changing the registry.
    #[error(
        "the benchmark registry in {dir} is being changed by another process; \
         try again when it has finished (checks are not affected)"
    )]
    Busy {
        /// The registry's directory.
        dir: PathBuf,
    },
    /// The directory holds a registry of another layout.
    #[error(
        "{dir} holds no benchmark registry that this version can read; \
         remove the directory and add the benchmarks again"
    )]
    Incompatible {
        /// The registry's directory.
        dir: PathBuf,
    },
    /// The index failed.
    #[error("cannot {doing} the benchmark registry in {dir}: {source}")]
    Index {
        /// The registry's directory.
        dir: PathBuf,
        /// What was being done, as a verb: `open`, `read`, `change`.
        doing: &'static str,
        /// What the index said.
        source: TantivyError,
    },
    /// A text is longer than is checked.
    #[error("the text has {bytes} bytes, the most that is checked is {limit}; split it")]
    TextTooLong {
        /// The text's length.
        bytes: usize,
        /// The bound.
        limit: usize,
    },
    /// A document of a file could not be checked.
    #[error("line {line}: {source}")]
    Document {
        /// The line, from 1.
        line: u64,
        /// Why.
        source: Box<HygieneError>,
    },
    /// A text could not be embedded.
    #[error(transparent)]
    Embedding(#[from] crate::embedding::EmbeddingError),
    /// The sketches of documents could not be kept or read.
    #[error("cannot use the sketches of documents in {dir}: {source}")]
    Sketches {
        /// Their directory.
        dir: PathBuf,
        /// What the system said, or what is wrong.
        source: io::Error,
    },
    /// Documents could not be read, or the report could not be written.
    #[error("cannot {doing}: {source}")]
    Stream {
        /// What was being done.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
}
