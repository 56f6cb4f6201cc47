use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use lehr_hygiene::search::SampleQuery;
use lehr_pipeline::Found;
use lehr_record::{Domain, Outcome, RequestId};
use serde::Deserialize;

use super::Service;
use super::page::{QueryString, limit};
use super::problem::Problem;
use super::requests::blocking;

/// Which samples to find.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
    domain: Option<Domain>,
    kind: Option<String>,
    verdict: Option<Outcome>,
    state: Option<String>,
    request: Option<RequestId>,
    min_distance: Option<f64>,
    max_distance: Option<f64>,
    limit: Option<u32>,
    cursor: Option<u64>,
}

/// `GET /v1/samples/search`: best first, with counts of what they are.
pub(crate) async fn search(
    State(service): State<Arc<Service>>,
    QueryString(search): QueryString<Search>,
) -> Result<Json<Found>, Problem> {
    let query = SampleQuery {
        text: search.q,
        domain: search.domain,
        kind: search.kind,
        verdict: search.verdict,
        state: search.state,
        request: search.request,
        min_distance: search.min_distance,
        max_distance: search.max_distance,
        limit: limit(search.limit)? as usize,
        cursor: search.cursor.unwrap_or_default(),
    };
    blocking(move || Ok(Json(service.catalogue.search(&query)?))).await
}
