use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::problem::Problem;
use super::{OPENAPI, Service};

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> Json<Value> {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

/// `GET /readyz`: the journal can be written.
pub(crate) async fn ready(State(service): State<Arc<Service>>) -> Result<Json<Value>, Problem> {
    service.scheduler.workshop().store().ready().map_err(|error| {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            .remedy("see that the disk of the data directory has room and is writable")
    })?;
    Ok(Json(json!({"status": "ready"})))
}

/// `GET /openapi.json`.
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
