use lehr_record::{Call, Digest, Reply};
use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

impl Store {
    /// The reply to a call that was made before, by any request.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn reply(&self, key: &Digest) -> Result<Option<Reply>, StoreError> {
        let reply: Option<String> = self
            .connection()
            .prepare_cached("SELECT reply FROM calls WHERE key = ?1")?
            .query_row([key.as_str()], |row| row.get(0))
            .optional()?;
        Ok(reply.map(|reply| serde_json::from_str(&reply)).transpose()?)
    }

    /// Journals a reply. The first one stays when the same call was made twice at once, and is
    /// given back: what the callers go on with is what the journal holds.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn keep_reply(&self, call: &Call, reply: Reply) -> Result<Reply, StoreError> {
        let key = call.key();
        let inserted = self
            .connection()
            .prepare_cached(
                "INSERT INTO calls (key, call, reply) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                key.as_str(),
                serde_json::to_string(call)?,
                serde_json::to_string(&reply)?
            ])?;
        if inserted == 1 {
            return Ok(reply);
        }
        Ok(self.reply(&key)?.unwrap_or(reply))
    }
}
