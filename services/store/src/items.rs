use lehr_record::{ItemIndex, RequestId, Sample, Seed, Settled};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{Store, StoreError};

/// Items of a plan that are written at a time: others have a turn at the journal in between.
const PLAN_CHUNK: usize = 1000;

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
    /// Gives a queued request its plan and sets it running. The plan counts from the moment the
    /// request runs; rows of a plan that was interrupted are written anew.
    ///
    /// # Errors
    /// [`StoreError::Planned`] when it has a plan, [`StoreError::Stopped`] when it is stopped
    /// meanwhile.
    pub fn plan(
        &self,
        request: &RequestId,
        jobs: usize,
        items: &[PlannedItem],
    ) -> Result<(), StoreError> {
        self.while_queued(request, |transaction| {
            transaction.execute("DELETE FROM items WHERE request = ?1", [request.as_str()])?;
            Ok(())
        })?;
        let mut planned = vec![0u64; jobs];
        for (number, chunk) in items.chunks(PLAN_CHUNK).enumerate() {
            let seeds: Vec<String> = chunk
                .iter()
                .map(|item| serde_json::to_string(&item.seed))
                .collect::<Result<_, _>>()?;
            self.while_queued(request, |transaction| {
                let mut insert = transaction.prepare_cached(
                    "INSERT INTO items (request, item, job, seed) VALUES (?1, ?2, ?3, ?4)",
                )?;
                for (at, (item, seed)) in chunk.iter().zip(&seeds).enumerate() {
                    let place = number * PLAN_CHUNK + at;
                    insert.execute(params![request.as_str(), place, item.job, seed])?;
                    planned[item.job as usize] += 1;
                }
                Ok(())
            })?;
        }
        self.while_queued(request, |transaction| {
            for (job, count) in planned.iter().enumerate() {
                transaction.execute(
                    "INSERT INTO counts (request, job, state, reason, count)
                     VALUES (?1, ?2, 'planned', '', ?3)",
                    params![request.as_str(), job, count],
                )?;
            }
            transaction.execute(
                "UPDATE requests SET state = 'running' WHERE id = ?1",
                [request.as_str()],
            )?;
            Ok(())
        })
    }

    /// One transaction on a request that is still queued.
    fn while_queued(
        &self,
        request: &RequestId,
        write: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        match state(&transaction, request)?.as_str() {
            "queued" => {}
            "running" => return Err(StoreError::Planned(request.clone())),
            _ => return Err(StoreError::Stopped(request.clone())),
        }
        write(&transaction)?;
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
    /// [`StoreError::Stopped`] when the request runs no more, [`StoreError::NotNext`] when the item
    /// is not the first unsettled one.
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
                 WHERE id = ?1 AND state = 'running' AND settled = ?2
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
            if state(&transaction, &sample.request)? != "running" {
                return Err(StoreError::Stopped(sample.request.clone()));
            }
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

fn state(connection: &Connection, request: &RequestId) -> Result<String, StoreError> {
    connection
        .prepare_cached("SELECT state FROM requests WHERE id = ?1")?
        .query_row([request.as_str()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NoRequest(request.clone()))
}
