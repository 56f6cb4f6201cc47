use lehr_record::{Call, Digest, Reply};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use crate::{Store, StoreError};

/// All model calls ever journaled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallTotals {
    /// Distinct calls.
    pub calls: u64,
    /// Tokens of their prompts.
    pub prompt_tokens: u64,
    /// Tokens of their replies.
    pub completion_tokens: u64,
}

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
                "INSERT INTO calls (key, call, reply, prompt_tokens, completion_tokens)
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
                key.as_str(),
                serde_json::to_string(call)?,
                serde_json::to_string(&reply)?,
                reply.prompt_tokens,
                reply.completion_tokens
            ])?;
        if inserted == 1 {
            return Ok(reply);
        }
        Ok(self.reply(&key)?.unwrap_or(reply))
    }

    /// Totals over the journal of model calls.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn call_totals(&self) -> Result<CallTotals, StoreError> {
        Ok(self.connection().query_row(
            "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(completion_tokens), 0)
             FROM calls",
            [],
            |row| {
                Ok(CallTotals {
                    calls: row.get(0)?,
                    prompt_tokens: row.get(1)?,
                    completion_tokens: row.get(2)?,
                })
            },
        )?)
    }
}
