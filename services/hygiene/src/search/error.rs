use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;

/// Why samples could not be searched or indexed.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be understood, or asks for more than is given.
    #[error("{reason}")]
    Query {
        /// The part of the query at fault.
        field: &'static str,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The index failed.
    #[error(
        "cannot {doing} the index of samples in {dir}: {source}; it is made from the journal: stop lehr, remove the directory and start again"
    )]
    Index {
        /// The index's directory.
        dir: PathBuf,
        /// What was being done, as a verb.
        doing: &'static str,
        /// What the index said.
        source: Box<TantivyError>,
    },
    /// The index's directory cannot be used.
    #[error("cannot use {dir}: {source}")]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl SearchError {
    /// A fault of the query.
    pub(crate) fn query(field: &'static str, reason: impl Into<String>) -> Self {
        Self::Query { field, reason: reason.into() }
    }
}
