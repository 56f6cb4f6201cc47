use lehr_record::{Funnel, RequestId, RequestSpec, RequestState};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;

use crate::{Store, StoreError};

/// A request as the journal knows it.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its name.
    pub id: RequestId,
    /// Its place among all requests, from 1; the cursor of listings.
    pub number: u64,
    /// When it was created, in milliseconds since 1970.
    pub created_ms: u64,
    /// When it reached a final state.
    pub finished_ms: Option<u64>,
    /// Its label.
    pub name: String,
    /// The recipes of its jobs, in order.
    pub recipes: Vec<String>,
    /// Where it stands.
    pub state: RequestState,
    /// What its settled items took.
    pub usage: Usage,
}

/// What the settled items of a request took. Replies from the journal count like new ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Model calls.
    pub calls: u64,
    /// Tokens of all prompts.
    pub prompt_tokens: u64,
    /// Tokens of all replies.
    pub completion_tokens: u64,
}

/// What became of a wish to create a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is new.
    New,
    /// The same key and content were sent before; this is the request made then.
    Before(RequestId),
}

/// All but the specification, which may hold thousands of problems.
const COLUMNS: &str = "number, id, created_ms, finished_ms, name, recipes, state, reason, calls, \
                       prompt_tokens, completion_tokens";

impl Store {
    /// Writes down a new request, in state queued. With an idempotency `key`, the same content
    /// sent again gives the first request.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key came with another content before.
    pub fn create_request(
        &self,
        id: &RequestId,
        created_ms: u64,
        spec: &RequestSpec,
        key: Option<&str>,
    ) -> Result<Created, StoreError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        if let Some(key) = key {
            let content = spec.digest();
            let before: Option<(String, String)> = transaction
                .query_row("SELECT content, request FROM keys WHERE key = ?1", [key], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            match before {
                Some((known, request)) if known == content.as_str() => {
                    let id =
                        RequestId::parse(&request).ok_or(rusqlite::Error::QueryReturnedNoRows)?;
                    return Ok(Created::Before(id));
                }
                Some(_) => return Err(StoreError::KeyReused),
                None => {}
            }
            transaction.execute(
                "INSERT INTO keys (key, content, request) VALUES (?1, ?2, ?3)",
                params![key, content.as_str(), id.as_str()],
            )?;
        }
        let recipes: Vec<&str> = spec.jobs.iter().map(|job| job.recipe.as_str()).collect();
        transaction.execute(
            "INSERT INTO requests (id, created_ms, name, recipes, spec, state)
             VALUES (?1, ?2, ?3, ?4, ?5, 'queued')",
            params![
                id.as_str(),
                created_ms,
                spec.name,
                serde_json::to_string(&recipes)?,
                serde_json::to_string(spec)?
            ],
        )?;
        transaction.commit()?;
        Ok(Created::New)
    }

    /// One request.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn request(&self, id: &RequestId) -> Result<RequestRow, StoreError> {
        let connection = self.connection();
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE id = ?1");
        connection
            .query_row(&sql, [id.as_str()], |row| Ok(read(row)))
            .optional()?
            .ok_or_else(|| StoreError::NoRequest(id.clone()))?
    }

    /// What a request asks for.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn spec(&self, id: &RequestId) -> Result<RequestSpec, StoreError> {
        let spec: Option<String> = self
            .connection()
            .query_row("SELECT spec FROM requests WHERE id = ?1", [id.as_str()], |row| row.get(0))
            .optional()?;
        let spec = spec.ok_or_else(|| StoreError::NoRequest(id.clone()))?;
        Ok(serde_json::from_str(&spec)?)
    }

    /// Up to `limit` requests, newest first, of those older than number `before`.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn requests(&self, before: Option<u64>, limit: u32) -> Result<Vec<RequestRow>, StoreError> {
        let connection = self.connection();
        let sql = format!(
            "SELECT {COLUMNS} FROM requests WHERE number < ?1 ORDER BY number DESC LIMIT ?2"
        );
        let before = before.map_or(i64::MAX, |n| i64::try_from(n).unwrap_or(i64::MAX));
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![before, limit], |row| Ok(read(row)))?;
        rows.map(|row| row?).collect()
    }

    /// The requests that are not final, oldest first: what a restart goes on with.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn unfinished(&self) -> Result<Vec<RequestId>, StoreError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id FROM requests WHERE state IN ('queued', 'running') ORDER BY number",
        )?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let ids: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(ids.iter().filter_map(|id| RequestId::parse(id)).collect())
    }

    /// Moves a request to another state; one that is final stays as it is.
    ///
    /// Gives whether the state changed.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn set_state(
        &self,
        id: &RequestId,
        state: &RequestState,
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        let connection = self.connection();
        let reason = match state {
            RequestState::Failed { reason } => reason.as_str(),
            _ => "",
        };
        let changed = connection.execute(
            "UPDATE requests SET state = ?2, reason = ?3, finished_ms = ?4
             WHERE id = ?1 AND state IN ('queued', 'running')",
            params![id.as_str(), state.as_str(), reason, state.is_final().then_some(now_ms)],
        )?;
        if changed == 0 && !exists(&connection, id)? {
            return Err(StoreError::NoRequest(id.clone()));
        }
        Ok(changed == 1)
    }

    /// Where the items of a request stand, one funnel a job in the order of the jobs. Empty until
    /// the plan is made.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn funnels(&self, id: &RequestId) -> Result<Vec<Funnel>, StoreError> {
        let connection = self.connection();
        if !exists(&connection, id)? {
            return Err(StoreError::NoRequest(id.clone()));
        }
        let mut statement = connection.prepare_cached(
            "SELECT job, state, reason, count FROM counts WHERE request = ?1 ORDER BY job",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        let mut funnels: Vec<Funnel> = Vec::new();
        while let Some(row) = rows.next()? {
            let job: usize = row.get(0)?;
            let (state, reason, count): (String, String, u64) =
                (row.get(1)?, row.get(2)?, row.get(3)?);
            if funnels.len() <= job {
                funnels.resize_with(job + 1, Funnel::default);
            }
            let funnel = &mut funnels[job];
            match state.as_str() {
                "planned" => funnel.planned = count,
                "accepted" => funnel.accepted = count,
                "rejected" => drop(funnel.rejected.insert(reason, count)),
                _ => drop(funnel.failed.insert(reason, count)),
            }
        }
        for funnel in &mut funnels {
            let settled = funnel.accepted + funnel.total_rejected() + funnel.total_failed();
            funnel.pending = funnel.planned - settled;
        }
        Ok(funnels)
    }
}

pub(crate) fn exists(connection: &Connection, id: &RequestId) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM requests WHERE id = ?1")?.exists([id.as_str()])
}

fn read(row: &Row<'_>) -> Result<RequestRow, StoreError> {
    let id: String = row.get(1)?;
    let (state, reason): (String, String) = (row.get(6)?, row.get(7)?);
    let recipes: String = row.get(5)?;
    let state = match state.as_str() {
        "queued" => RequestState::Queued,
        "running" => RequestState::Running,
        "completed" => RequestState::Completed,
        "cancelled" => RequestState::Cancelled,
        _ => RequestState::Failed { reason },
    };
    Ok(RequestRow {
        id: RequestId::parse(&id).ok_or(rusqlite::Error::QueryReturnedNoRows)?,
        number: row.get(0)?,
        created_ms: row.get(2)?,
        finished_ms: row.get(3)?,
        name: row.get(4)?,
        recipes: serde_json::from_str(&recipes)?,
        state,
        usage: Usage {
            calls: row.get(8)?,
            prompt_tokens: row.get(9)?,
            completion_tokens: row.get(10)?,
        },
    })
}
