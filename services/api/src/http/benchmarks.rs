use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use lehr_hygiene::{AddOptions, Added, HygieneError};
use lehr_record::{BenchmarkInfo, Digest};
use serde::Serialize;

use super::Service;
use super::body::bytes;
use super::path::Path;
use super::problem::Problem;
use super::requests::blocking;

/// The registry as a client sees it.
#[derive(Serialize)]
pub(crate) struct Registry {
    /// The state of the index; samples record it.
    version: Digest,
    /// The registered benchmarks, by name.
    data: Vec<BenchmarkInfo>,
}

/// `GET /v1/benchmarks`.
pub(crate) async fn list(State(service): State<Arc<Service>>) -> Result<Json<Registry>, Problem> {
    let registry = service.scheduler.workshop().registry();
    Ok(Json(Registry { version: registry.version()?, data: registry.list()? }))
}

/// `POST /v1/benchmarks/{name}`: the body is the benchmark's JSONL; one of the same name is
/// replaced.
pub(crate) async fn add(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<BenchmarkInfo>), Problem> {
    let body = bytes(request, &service).await?;
    let info = blocking(move || {
        let kept = |error: std::io::Error| {
            Problem::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string())
                .remedy("see that the temporary directory has room")
        };
        let mut file = tempfile::NamedTempFile::with_suffix(".jsonl").map_err(kept)?;
        std::io::Write::write_all(&mut file, &body).map_err(kept)?;
        let added = service.scheduler.workshop().registry().add(
            &name,
            file.path(),
            &AddOptions { replace: true, ..AddOptions::default() },
        );

        added.map(Added::into_info).map_err(|error| fault(error, file.path()))
    })
    .await?;
    Ok((StatusCode::CREATED, Json(info)))
}

/// Errors speak of the body that the client sent, not of the file that holds it here.
fn fault(error: HygieneError, file: &std::path::Path) -> Problem {
    let field = match &error {
        HygieneError::Name { .. } => "name",
        HygieneError::Row(_)
        | HygieneError::MissingColumn { .. }
        | HygieneError::Json { .. }
        | HygieneError::NoText { .. }
        | HygieneError::NoItems { .. } => "body",
        _ => return error.into(),
    };
    let detail = error.to_string().replace(&file.display().to_string(), "the body");
    Problem::unprocessable(field, detail).remedy("mend it and send the whole benchmark again")
}

/// `DELETE /v1/benchmarks/{name}`.
pub(crate) async fn remove(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
) -> Result<Json<BenchmarkInfo>, Problem> {
    let registry = Arc::clone(service.scheduler.workshop().registry());
    blocking(move || {
        if !registry.list()?.iter().any(|info| info.name == name) {
            return Err(Problem::not_found("benchmark", &name));
        }
        Ok(Json(registry.remove(&name)?))
    })
    .await
}
