//! The durable journal of lehr: requests, work items, samples, model calls and mixes, in SQLite.
//!
//! Everything that must survive `kill -9` is here and nowhere else. Two rules make a run that was
//! interrupted end like one that was not:
//!
//! - a model's reply is journaled under the key of its [`lehr_record::Call`] before anything is
//!   made of it, so that no call is paid for twice;
//! - a work item is settled in one transaction with its sample and its request's counts, and only
//!   once, so that the funnel adds up at every moment.
//!
//! Settled items of a request always form a prefix of its plan: [`Store::settle`] refuses any other
//! order. What an item sees of earlier items (for deduplication) is then the same in every run.
//!
//! Calls block for as long as a small SQLite transaction takes; async callers that cannot afford
//! that use a blocking task.

mod calls;
mod error;
mod items;
mod lock;
mod mixes;
mod requests;
mod samples;
mod schema;
mod settled;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

pub use error::StoreError;
pub use items::{PendingItem, PlannedItem};
pub use mixes::MixRow;
pub use requests::{Created, RequestRow, Usage};
pub use samples::SampleFilter;
pub use settled::SettledCount;

/// The journal, open for one process.
pub struct Store {
    connection: Mutex<Connection>,
    _lock: lock::DirectoryLock,
}

impl Store {
    /// Opens or makes the journal in a directory, and keeps other processes out of it.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process has it open, [`StoreError::Schema`] when it was
    /// written by a newer lehr, [`StoreError::Directory`] when the directory cannot be used.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let lock = lock::DirectoryLock::take(directory)?;
        let connection = Connection::open(directory.join("journal.sqlite"))?;
        schema::prepare(&connection)?;
        Ok(Self { connection: Mutex::new(connection), _lock: lock })
    }

    /// Writes to the journal, to see whether that can be done now.
    ///
    /// # Errors
    /// The reason why it cannot.
    pub fn ready(&self) -> Result<(), StoreError> {
        // The number that is there already: nothing changes, but a page goes to the disk.
        schema::stamp(&self.connection())?;
        Ok(())
    }

    /// A panic elsewhere cannot leave half a transaction behind (SQLite rolls it back when the
    /// transaction is dropped), so a poisoned lock is as good as any.
    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
