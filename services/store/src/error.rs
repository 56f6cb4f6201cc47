use std::path::PathBuf;

use lehr_record::{ItemIndex, RequestId};

/// Why the journal could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the journal open.
    #[error("{directory} is in use by another lehr process; stop it, or choose another --data-dir")]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },
    /// The directory cannot be made or written.
    #[error("cannot use {directory} for lehr's state: {source}; choose another --data-dir")]
    Directory {
        /// The data directory.
        directory: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The journal was written by another version.
    #[error(
        "the journal has schema {found}, and this lehr knows {known}; use the lehr that wrote it, \
         or another --data-dir"
    )]
    Schema {
        /// The schema found.
        found: i64,
        /// The schema known.
        known: i64,
    },
    /// No such request.
    #[error("there is no request {0}")]
    NoRequest(RequestId),
    /// An item is not the next one to settle: settled before, out of order, or never planned.
    #[error("item {item} of {request} is not the next to settle")]
    NotNext {
        /// The request.
        request: RequestId,
        /// The item's place in the plan.
        item: ItemIndex,
    },
    /// A request was given a plan before.
    #[error("{0} is planned already")]
    Planned(RequestId),
    /// The request was stopped: nothing more is done for it.
    #[error("{0} was stopped")]
    Stopped(RequestId),
    /// An idempotency key was used before with another content.
    #[error("the Idempotency-Key was used before for a different request; use a new key")]
    KeyReused,
    /// SQLite failed.
    #[error("the journal failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A row does not hold what was written.
    #[error("a row of the journal cannot be read: {0}")]
    Row(#[from] serde_json::Error),
}
