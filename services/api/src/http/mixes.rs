use std::io::ErrorKind;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use lehr_pipeline::{MadeMix, create_mix};
use lehr_record::{DatasetSource, MixRecipe};
use lehr_store::{MixRow, StoreError};

use super::Service;
use super::body::JsonOrTomlBody;
use super::page::{Page, PageQuery, QueryString, limit};
use super::path::Path;
use super::problem::Problem;

/// `POST /v1/mixes`: builds the mix and answers when it is there: 201, or 200 when a mix of the
/// same recipe, checked against the same benchmarks, exists.
pub(crate) async fn create(
    State(service): State<Arc<Service>>,
    JsonOrTomlBody(mut recipe): JsonOrTomlBody<MixRecipe>,
) -> Result<(StatusCode, Json<MixRow>), Problem> {
    recipe.check()?;
    let workshop = service.scheduler.workshop();
    for (at, dataset) in recipe.datasets.iter_mut().enumerate() {
        match &mut dataset.source {
            DatasetSource::Path(path) => {
                let place = allowed(&service.imports, path)
                    .map_err(|problem| problem.field(format!("dataset[{at}].path")))?;
                *path = place.to_string_lossy().into_owned();
            }
            // Whether there is such a mix is known when it is read.
            DatasetSource::Mix(_) => {}
            DatasetSource::Request(request) => {
                workshop.store().request(request).map_err(|error| match error {
                    // The mix is where the client sent it; its recipe is at fault.
                    StoreError::NoRequest(_) => {
                        Problem::unprocessable(format!("dataset[{at}].request"), error.to_string())
                            .remedy("list what there is with GET /v1/requests")
                    }
                    error => error.into(),
                })?;
            }
        }
    }
    Ok(match create_mix(workshop, recipe, service.mixes.clone()).await? {
        MadeMix::New(row) => (StatusCode::CREATED, Json(row)),
        MadeMix::Before(row) => (StatusCode::OK, Json(row)),
    })
}

/// `GET /v1/mixes`: newest first.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    QueryString(query): QueryString<PageQuery>,
) -> Result<Json<Page<MixRow>>, Problem> {
    let limit = limit(query.limit)?;
    let rows = service.scheduler.workshop().store().mixes(query.cursor, limit)?;
    Ok(Json(Page::new(rows, limit, |row| row.number)))
}

/// `GET /v1/mixes/{name}`.
pub(crate) async fn read(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
) -> Result<Json<MixRow>, Problem> {
    let row = service.scheduler.workshop().store().mix(&name)?;
    row.map(Json).ok_or_else(|| Problem::not_found("mix", &name))
}

/// `GET /v1/mixes/{name}/card`: the page that describes the mix.
pub(crate) async fn card(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
) -> Result<Html<Vec<u8>>, Problem> {
    let row = service.scheduler.workshop().store().mix(&name)?;
    let row = row.ok_or_else(|| Problem::not_found("mix", &name))?;
    let path = FilePath::new(&row.directory).join("card.html");
    match tokio::fs::read(&path).await {
        Ok(page) => Ok(Html(page)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(Problem::new(StatusCode::GONE, format!("the card of the mix {name:?} is gone"))
                .remedy("its directory was moved or removed; make the mix again"))
        }
        Err(error) => Err(Problem::internal(&error)),
    }
}

/// The real path of a source, if it lies in a directory that the configuration opens. One answer
/// for all others: a client learns nothing of what else this machine has.
fn allowed(imports: &[PathBuf], path: &str) -> Result<PathBuf, Problem> {
    let real = FilePath::new(path).canonicalize().ok();
    real.filter(|real| {
        imports
            .iter()
            .filter_map(|open| open.canonicalize().ok())
            .any(|open| real.starts_with(open))
    })
    .ok_or_else(|| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("{path:?} is not in a directory that mixes may read"),
        )
        .remedy("put the documents there, or name their directory in import_dirs of lehr.toml")
    })
}
