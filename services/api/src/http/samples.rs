use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use lehr_record::{Domain, ItemIndex, Sample, SampleId};
use lehr_store::SampleFilter;
use serde::Deserialize;

use super::Service;
use super::page::{Page, QueryString, limit};
use super::path::Path;
use super::problem::Problem;
use super::requests::{blocking, parse_id};

/// Which samples to list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SampleQuery {
    state: Option<String>,
    domain: Option<Domain>,
    cursor: Option<ItemIndex>,
    limit: Option<u32>,
}

/// `GET /v1/requests/{id}/samples`: in the order of the plan, with all evidence.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
    QueryString(query): QueryString<SampleQuery>,
) -> Result<Json<Page<Sample>>, Problem> {
    let id = parse_id(&id)?;
    let limit = limit(query.limit)?;
    if let Some(state) = &query.state
        && !["accepted", "rejected", "failed"].contains(&state.as_str())
    {
        return Err(Problem::unprocessable("state", format!("there is no state {state:?}"))
            .remedy("ask for accepted, rejected or failed"));
    }
    let filter = SampleFilter { state: query.state, domain: query.domain, after: query.cursor };
    let samples =
        blocking(move || Ok(service.scheduler.workshop().store().samples(&id, &filter, limit)?))
            .await?;
    Ok(Json(Page::new(samples, limit, |sample| u64::from(sample.item))))
}

/// `GET /v1/samples/{id}`.
pub(crate) async fn read(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Json<Sample>, Problem> {
    let missing = || {
        Problem::not_found("sample", &id)
            .remedy("list the samples of a request with GET /v1/requests/{id}/samples")
    };
    let name = SampleId::parse(&id).ok_or_else(missing)?;
    let sample = service.scheduler.workshop().store().sample(&name)?;
    sample.map(Json).ok_or_else(missing)
}
