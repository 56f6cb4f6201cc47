use lehr_record::RequestId;
use rusqlite::params;

use crate::{Store, StoreError};

/// How far a request is: its first `settled` items have samples.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledCount {
    /// Its place among all requests, from 1.
    pub number: u64,
    /// Its name.
    pub request: RequestId,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// How many of its items are settled, a prefix of its plan.
    pub settled: u32,
    /// Whether it is final: no more will be settled.
    pub ended: bool,
}

impl Store {
    /// Up to `limit` requests, oldest first, of those newer than number `after`: for whoever derives
    /// something from the samples and must know which are new.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn settled_counts(&self, after: u64, limit: u32) -> Result<Vec<SettledCount>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT number, id, created_ms, settled, state NOT IN ('queued', 'running')
             FROM requests WHERE number > ?1 ORDER BY number LIMIT ?2",
        )?;
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![after, limit])?;
        let mut counts = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(1)?;
            counts.push(SettledCount {
                number: row.get(0)?,
                request: RequestId::parse(&id).ok_or(rusqlite::Error::QueryReturnedNoRows)?,
                created_ms: row.get(2)?,
                settled: row.get(3)?,
                ended: row.get(4)?,
            });
        }
        Ok(counts)
    }
}
