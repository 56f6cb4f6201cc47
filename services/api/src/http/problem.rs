//! Errors as problem details (RFC 9457), and the one place that knows which status each has.

use std::any::Any;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use lehr_hygiene::HygieneError;
use lehr_hygiene::corpus::CorpusError;
use lehr_hygiene::search::SearchError;
use lehr_pipeline::{CatalogueError, MixError, PipelineError};
use lehr_record::SpecError;
use lehr_store::StoreError;
use serde::Serialize;

/// A problem detail.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    /// The status again, as the format wants it.
    status: u16,
    /// The status in words.
    title: &'static str,
    /// What was wrong.
    detail: String,
    /// The field of the body or the query at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

impl Problem {
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        Self { status: status.as_u16(), title, detail: detail.into(), field: None, remedy: None }
    }

    pub fn unprocessable(field: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail).field(field)
    }

    pub fn not_found(what: &str, name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {what} {name:?}"))
            .remedy(format!("list what there is with GET /v1/{what}s"))
    }

    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// A fault of ours: told in full to the log, in brief to the client.
    pub fn internal(error: &dyn std::fmt::Display) -> Self {
        tracing::error!(%error, "a request to the service failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the service failed on this request")
            .remedy("see the log of the service, then try again")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl From<SpecError> for Problem {
    fn from(error: SpecError) -> Self {
        let detail = error.to_string();
        Self::unprocessable(error.field, detail)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoRequest(id) => Self::not_found("request", id.as_str()),
            StoreError::KeyReused => Self::new(StatusCode::CONFLICT, error.to_string())
                .field("Idempotency-Key")
                .remedy("use a new key"),
            error => Self::internal(&error),
        }
    }
}

impl From<PipelineError> for Problem {
    fn from(error: PipelineError) -> Self {
        match error {
            PipelineError::Spec(error) => error.into(),
            PipelineError::Store(error) => error.into(),
            error => Self::internal(&error),
        }
    }
}

impl From<MixError> for Problem {
    fn from(error: MixError) -> Self {
        let detail = error.to_string();
        match error {
            MixError::Recipe(error) => error.into(),
            MixError::Store(error) => error.into(),
            MixError::Exists(_) => {
                Self::new(StatusCode::CONFLICT, "another mix of this name exists already")
                    .field("name")
                    .remedy("give the mix another name")
            }
            MixError::Outdated { .. } => Self::new(StatusCode::CONFLICT, detail)
                .field("name")
                .remedy("give the mix another name"),
            MixError::Source { dataset, .. } | MixError::TooMany { dataset, .. } => {
                Self::unprocessable(format!("dataset.{dataset}"), detail)
            }
            MixError::NoMix { dataset, .. } => {
                Self::unprocessable(format!("dataset.{dataset}"), detail)
                    .remedy("list what there is with GET /v1/mixes")
            }
            MixError::Empty(_) | MixError::Cycle(_) => Self::unprocessable("dataset", detail),
            MixError::Shortfall { .. } => Self::unprocessable("target_tokens", detail),
            error => Self::internal(&error),
        }
    }
}

impl From<HygieneError> for Problem {
    fn from(error: HygieneError) -> Self {
        let detail = error.to_string();
        let status = match error {
            HygieneError::Name { .. }
            | HygieneError::File { .. }
            | HygieneError::Row(_)
            | HygieneError::MissingColumn { .. }
            | HygieneError::Json { .. }
            | HygieneError::NoText { .. }
            | HygieneError::NoItems { .. }
            | HygieneError::TextTooLong { .. }
            | HygieneError::Document { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            HygieneError::UnknownBenchmark { .. } => StatusCode::NOT_FOUND,
            HygieneError::Busy { .. } | HygieneError::Exists { .. } => StatusCode::CONFLICT,
            error => return Self::internal(&error),
        };
        Self::new(status, detail)
    }
}

impl From<CatalogueError> for Problem {
    fn from(error: CatalogueError) -> Self {
        match error {
            CatalogueError::Search(SearchError::Query { field, reason }) => {
                Self::unprocessable(field, reason)
                    .remedy("a query is words, \"phrases\", -not and field:value")
            }
            CatalogueError::Store(error) => error.into(),
            error => Self::internal(&error),
        }
    }
}

impl From<CorpusError> for Problem {
    fn from(error: CorpusError) -> Self {
        match error {
            CorpusError::Unknown { name } => {
                Self::new(StatusCode::NOT_FOUND, format!("there is no corpus {name:?}"))
                    .remedy("list what there is with GET /v1/corpora")
            }
            CorpusError::Topic { reason } => Self::unprocessable("topic", reason),
            error => Self::internal(&error),
        }
    }
}

/// The answer when a handler panicked.
pub(crate) fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    Problem::internal(&format!("panic: {cause}")).into_response()
}
