use lehr_record::{Domain, ItemIndex, RequestId, Sample, SampleId};
use rusqlite::{OptionalExtension, params};

use crate::requests::exists;
use crate::{Store, StoreError};

/// Which samples of a request to list.
#[derive(Clone, Debug, Default)]
pub struct SampleFilter {
    /// `accepted`, `rejected` or `failed`; all when absent.
    pub state: Option<String>,
    /// Only this domain.
    pub domain: Option<Domain>,
    /// Only items after this one; the cursor of listings.
    pub after: Option<ItemIndex>,
}

impl Store {
    /// Up to `limit` samples of a request in the order of its plan.
    ///
    /// # Errors
    /// [`StoreError::NoRequest`] when there is none of that name.
    pub fn samples(
        &self,
        request: &RequestId,
        filter: &SampleFilter,
        limit: u32,
    ) -> Result<Vec<Sample>, StoreError> {
        let connection = self.connection();
        if !exists(&connection, request)? {
            return Err(StoreError::NoRequest(request.clone()));
        }
        let mut statement = connection.prepare_cached(
            "SELECT body FROM samples
             WHERE request = ?1 AND item > ?2 AND (?3 IS NULL OR state = ?3)
               AND (?4 IS NULL OR domain = ?4)
             ORDER BY item LIMIT ?5",
        )?;
        let rows = statement.query_map(
            params![
                request.as_str(),
                filter.after.map_or(-1, i64::from),
                filter.state,
                filter.domain.map(Domain::as_str),
                limit
            ],
            |row| row.get::<_, String>(0),
        )?;
        rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
    }

    /// One sample, wherever it belongs.
    ///
    /// # Errors
    /// When the journal fails.
    pub fn sample(&self, id: &SampleId) -> Result<Option<Sample>, StoreError> {
        let body: Option<String> = self
            .connection()
            .query_row("SELECT body FROM samples WHERE id = ?1", [id.as_str()], |row| row.get(0))
            .optional()?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    }
}
