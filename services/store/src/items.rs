use lehr_record::{ItemIndex, RequestId, Sample, Seed, Settled};
use rusqlite::{OptionalExtension, params};

use crate::{Store, StoreError};

/// A work item as it is planned.
#[derive(Clone, Debug)]
pub struct PlannedItem {
    /// The place of its job in the request.
    pub job: u32,
    /// Its seed.
    pub seed: Seed,
}

/// A work item that is not settled.
#[derive(Clone, Debug)]
pub struct PendingItem {
    /// Its place in the plan.
    pub item: ItemIndex,
    /// The place of its job in the request.
    pub job: u32,
    /// Its seed.
    pub seed: Seed,
}

impl Store {
    /// Gives a queued request its plan, all or nothing, and sets it running.
    ///
    /// # Errors
    /// [`StoreError::Planned`] when it is not queued any more.
    pub fn plan(
        &self,
        request: &RequestId,
        jobs: usize,
        items: &[PlannedItem],
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let changed = transaction.execute(
            "UPDATE requests SET state = 'running' WHERE id = ?1 AND state = 'queued'",
            [request.as_str()],
        )?;
        if changed == 0 {
            return Err(StoreError::Planned(request.clone()));
        }
        {
            let mut insert = transaction.prepare_cached(
                "INSERT INTO items (request, item, job, seed) VALUES (?1, ?2, ?3, ?4)",
            )?;
            let mut planned = vec![0u64; jobs];
            for (at, item) in items.iter().enumerate() {
                let seed = serde_json::to_string(&item.seed)?;
                insert.execute(params![request.as_str(), at, item.job, seed])?;
                planned[item.job as usize] += 1;
            }
            for (job, count) in planned.iter().enumerate() {
                transaction.execute(
                    "INSERT INTO counts (request, job, state, reason, count)
                     VALUES (?1, ?2, 'planned', '', ?3)",
                    params![request.as_str(), job, count],
                )?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Up to `limit` unsettled items from place `from` on, in order.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn pending(
        &self,
        request: &RequestId,
        from: ItemIndex,
        limit: u32,
    ) -> Result<Vec<PendingItem>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT item, job, seed FROM items JOIN requests ON id = request
             WHERE request = ?1 AND item >= max(?2, settled) ORDER BY item LIMIT ?3",
        )?;
        let mut rows = statement.query(params![request.as_str(), from, limit])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            let seed: String = row.get(2)?;
            items.push(PendingItem {
                item: row.get(0)?,
                job: row.get(1)?,
                seed: serde_json::from_str(&seed)?,
            });
        }
        Ok(items)
    }

    /// Settles the next item of a request with its sample: sample, counts and usage in one
    /// transaction. `fingerprint` names the content of an accepted sample; no two accepted samples
    /// of a request may share one (ask [`Store::duplicate_of`] first).
    ///
    /// # Errors
    /// [`StoreError::NotNext`] when the item is not the first unsettled one.
    pub fn settle(
        &self,
        sample: &Sample,
        job: u32,
        fingerprint: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        let request = sample.request.as_str();
        let prompt: u64 = sample.attempts.iter().map(|a| u64::from(a.tokens.0)).sum();
        let completion: u64 = sample.attempts.iter().map(|a| u64::from(a.tokens.1)).sum();
        let changed = transaction
            .prepare_cached(
                "UPDATE requests SET settled = settled + 1, calls = calls + ?3,
                    prompt_tokens = prompt_tokens + ?4, completion_tokens = completion_tokens + ?5
                 WHERE id = ?1 AND settled = ?2
                   AND EXISTS (SELECT 1 FROM items WHERE request = ?1 AND item = ?2 AND job = ?6)",
            )?
            .execute(params![
                request,
                sample.item,
                sample.attempts.len(),
                prompt,
                completion,
                job
            ])?;
        if changed == 0 {
            return Err(StoreError::NotNext { request: sample.request.clone(), item: sample.item });
        }
        let (state, reason) = match &sample.settled {
            Settled::Accepted => ("accepted", ""),
            Settled::Rejected(reason) => ("rejected", reason.as_str()),
            Settled::Failed(reason) => ("failed", reason.as_str()),
        };
        transaction
            .prepare_cached(
                "INSERT INTO samples (request, item, id, domain, state, fingerprint, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                request,
                sample.item,
                sample.id.as_str(),
                sample.domain.as_str(),
                state,
                fingerprint.filter(|_| sample.is_accepted()),
                serde_json::to_string(sample)?
            ])?;
        transaction
            .prepare_cached(
                "INSERT INTO counts (request, job, state, reason, count) VALUES (?1, ?2, ?3, ?4, 1)
                 ON CONFLICT DO UPDATE SET count = count + 1",
            )?
            .execute(params![request, job, state, reason])?;
        transaction.commit()?;
        Ok(())
    }

    /// The accepted sample of a request that has this fingerprint.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn duplicate_of(
        &self,
        request: &RequestId,
        fingerprint: &str,
    ) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT id FROM samples WHERE request = ?1 AND fingerprint = ?2")?
            .query_row(params![request.as_str(), fingerprint], |row| row.get(0))
            .optional()?)
    }
}
