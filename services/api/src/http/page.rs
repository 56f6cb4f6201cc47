//! Cursor pagination.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// Entries of a page when the client names no number.
const USUAL: u32 = 50;

/// The most entries of a page.
const MOST: u32 = 500;

/// A query string of type `T`; a fault is 422 and says what was wrong.
pub(crate) struct QueryString<T>(pub T);

impl<T, S> FromRequestParts<S> for QueryString<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Problem::unprocessable("query", rejection.body_text())
                .remedy("see /openapi.json for the parameters")),
        }
    }
}

/// The part of a query that says which page is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// Where the last page ended: its `next`.
    pub cursor: Option<u64>,
    /// How many entries.
    pub limit: Option<u32>,
}

/// A number of entries within the bounds.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        limit => Err(Problem::unprocessable("limit", format!("limit is {limit}"))
            .remedy(format!("ask for 1 to {MOST} entries"))),
    }
}

/// A page of entries.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    /// The entries.
    pub data: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
}

impl<T> Page<T> {
    /// A page of at most `limit` entries, whose last one's cursor leads on when it is full.
    pub fn new(data: Vec<T>, limit: u32, cursor: impl Fn(&T) -> u64) -> Self {
        let full = data.len() >= limit as usize;
        let next = data.last().filter(|_| full).map(cursor);
        Self { data, next }
    }
}
