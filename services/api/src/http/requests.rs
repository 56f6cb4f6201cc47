use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use lehr_pipeline::Progress;
use lehr_record::{Funnel, RequestId, RequestSpec};
use lehr_store::Created;
use serde_json::{Value, json};

use super::Service;
use super::body::JsonBody;
use super::page::{Page, PageQuery, QueryString, limit};
use super::path::Path;
use super::problem::Problem;

/// The longest idempotency key.
const KEY_BYTES: usize = 200;

/// `POST /v1/requests`: 201 with the request, or 200 when the same key and body came before.
pub(crate) async fn create(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    JsonBody(spec): JsonBody<RequestSpec>,
) -> Result<impl IntoResponse, Problem> {
    let key = idempotency_key(&headers)?.map(str::to_owned);
    let id = RequestId::parse(&format!("req-{}", uuid::Uuid::now_v7()))
        .ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "no identifier"))?;
    let (status, progress) = blocking(move || {
        let created = service.scheduler.submit(&spec, &id, key.as_deref())?;
        let (status, id) = match created {
            Created::New => (StatusCode::CREATED, id),
            Created::Before(id) => (StatusCode::OK, id),
        };
        Ok((status, Progress::read(service.scheduler.workshop().store(), &id)?))
    })
    .await?;
    let location = format!("/v1/requests/{}", progress.id);
    Ok((status, [(header::LOCATION, location)], Json(progress)))
}

/// `GET /v1/requests`: newest first.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<Value>>, Problem> {
    let limit = limit(query.limit)?;
    let rows = service.scheduler.workshop().store().requests(query.cursor, limit)?;
    let page = Page::new(rows, limit, |row| row.number);
    let data = page.data.iter().map(|row| {
        json!({
            "id": row.id,
            "name": row.name,
            "created_ms": row.created_ms,
            "finished_ms": row.finished_ms,
            "state": row.state.as_str(),
        })
    });
    Ok(Json(Page { data: data.collect(), next: page.next }))
}

/// `GET /v1/requests/{id}`: where it stands, and what was asked for.
pub(crate) async fn read(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = parse_id(&id)?;
    let store = service.scheduler.workshop().store();
    let progress = Progress::read(store, &id)?;
    let spec = store.spec(&id)?;
    let mut body = serde_json::to_value(progress)
        .map_err(|error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    body["spec"] = json!(spec);
    Ok(Json(body))
}

/// `GET /v1/requests/{id}/funnel`.
pub(crate) async fn funnel(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Json<Funnel>, Problem> {
    let progress = Progress::read(service.scheduler.workshop().store(), &parse_id(&id)?)?;
    Ok(Json(progress.funnel))
}

/// `POST /v1/requests/{id}/cancel`: what was settled stays. A final request stays as it is.
pub(crate) async fn cancel(
    State(service): State<Arc<Service>>,
    Path(id): Path<String>,
) -> Result<Json<Progress>, Problem> {
    let id = parse_id(&id)?;
    service.scheduler.cancel(&id)?;
    Ok(Json(Progress::read(service.scheduler.workshop().store(), &id)?))
}

pub(crate) fn parse_id(text: &str) -> Result<RequestId, Problem> {
    RequestId::parse(text).ok_or_else(|| Problem::not_found("request", text))
}

/// The key of a request that may be sent again.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=KEY_BYTES).contains(&key.len()) => Ok(Some(key)),
        _ => Err(Problem::new(StatusCode::BAD_REQUEST, "the Idempotency-Key cannot be used")
            .field("Idempotency-Key")
            .remedy(format!("send 1 to {KEY_BYTES} visible ASCII characters"))),
    }
}

/// Runs what takes the disk's or a core's time where it holds up no other request.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => {
            tracing::error!(%error, "a worker thread failed");
            Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "a worker thread failed")
                .remedy("see the log of the service, then try again"))
        }
    }
}
