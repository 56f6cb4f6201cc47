use std::io::Write;
use std::path::Path as FilePath;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use lehr_hygiene::{AddOptions, Added, HygieneError};
use lehr_record::{BenchmarkColumns, BenchmarkInfo, Digest};
use serde::Serialize;

use super::Service;
use super::body::bytes;
use super::page::QueryString;
use super::path::Path;
use super::problem::Problem;
use super::requests::blocking;

/// What the media types of Parquet have in common.
const PARQUET: &str = "parquet";

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
    blocking(move || {
        let registry = service.scheduler.workshop().registry();
        Ok(Json(Registry { version: registry.version()?, data: registry.list()? }))
    })
    .await
}

/// `GET /v1/benchmarks/{name}`.
pub(crate) async fn read(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
) -> Result<Json<BenchmarkInfo>, Problem> {
    blocking(move || {
        let known = service.scheduler.workshop().registry().get(&name)?;
        known.map(Json).ok_or_else(|| Problem::not_found("benchmark", &name))
    })
    .await
}

/// The columns that a query names: `?question=stem&answer=key`, each as often as there are columns.
pub(crate) type ColumnQuery = QueryString<Vec<(String, String)>>;

/// `POST /v1/benchmarks/{name}`: the body is the benchmark, as JSONL or Parquet. 201, or 200 when
/// the same one is registered already; another one of the name stays, and the answer is 409.
pub(crate) async fn add(
    service: State<Arc<Service>>,
    name: Path<String>,
    query: ColumnQuery,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    register(service, name, query, request, false).await
}

/// `PUT /v1/benchmarks/{name}`: the same, but another one of the name is replaced.
pub(crate) async fn replace(
    service: State<Arc<Service>>,
    name: Path<String>,
    query: ColumnQuery,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    register(service, name, query, request, true).await
}

async fn register(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
    QueryString(query): ColumnQuery,
    request: Request,
    replace: bool,
) -> Result<impl IntoResponse, Problem> {
    let options = AddOptions { columns: columns(query)?, replace };
    let suffix = if is_parquet(request.headers()) { ".parquet" } else { ".jsonl" };
    let body = bytes(request, &service).await?;
    let added = blocking(move || {
        let file = spool(&body, suffix)?;
        let added = service.scheduler.workshop().registry().add(&name, file.path(), &options);
        added.map_err(|error| fault(error, file.path()))
    })
    .await?;
    let status = match added {
        Added::New(_) => StatusCode::CREATED,
        Added::Replaced(_) | Added::Same(_) => StatusCode::OK,
    };
    let info = added.into_info();
    Ok((status, [(LOCATION, format!("/v1/benchmarks/{}", info.name))], Json(info)))
}

/// `DELETE /v1/benchmarks/{name}`.
pub(crate) async fn remove(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
) -> Result<Json<BenchmarkInfo>, Problem> {
    blocking(move || match service.scheduler.workshop().registry().remove(&name) {
        Ok(info) => Ok(Json(info)),
        Err(HygieneError::UnknownBenchmark { name }) => Err(Problem::not_found("benchmark", &name)),
        Err(error) => Err(error.into()),
    })
    .await
}

fn columns(query: Vec<(String, String)>) -> Result<BenchmarkColumns, Problem> {
    let mut columns = BenchmarkColumns::default();
    for (role, column) in query {
        let list = match role.as_str() {
            "id" => &mut columns.id,
            "question" => &mut columns.question,
            "answer" => &mut columns.answer,
            "solution" => &mut columns.solution,
            "code" => &mut columns.code,
            "choices" => &mut columns.choices,
            _ => {
                let detail = format!("unknown parameter `{role}`");
                return Err(Problem::unprocessable("query", detail)
                    .remedy("name columns as id, question, answer, solution, code or choices"));
            }
        };
        if column.is_empty() {
            return Err(Problem::unprocessable(role, "a column without a name")
                .remedy("name a column of the body, or leave the parameter out"));
        }
        list.push(column);
    }
    Ok(columns)
}

/// Whether the client says that the body is Parquet. Without that its first bytes decide.
fn is_parquet(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().contains(PARQUET))
}

fn spool(body: &Bytes, suffix: &str) -> Result<tempfile::NamedTempFile, Problem> {
    let kept = |error: std::io::Error| {
        Problem::new(StatusCode::INSUFFICIENT_STORAGE, error.to_string())
            .remedy("see that the temporary directory has room")
    };
    let mut file = tempfile::NamedTempFile::with_suffix(suffix).map_err(kept)?;
    file.write_all(body).map_err(kept)?;
    Ok(file)
}

/// Errors speak of the body that the client sent, not of the file that holds it here.
fn fault(error: HygieneError, file: &FilePath) -> Problem {
    let (field, remedy) = match &error {
        HygieneError::Name { .. } => ("name", "choose another name"),
        HygieneError::Exists { .. } => {
            return Problem::from(error)
                .field("name")
                .remedy("replace it with PUT, or give this one another name");
        }
        HygieneError::MissingColumn { .. } => ("query", "name columns that every row has"),
        HygieneError::Row(_) | HygieneError::NoText { .. } | HygieneError::NoItems { .. } => {
            ("body", "mend it and send the whole benchmark again")
        }
        _ => return error.into(),
    };
    Problem::unprocessable(field, of_body(&error.to_string(), file)).remedy(remedy)
}

/// `FILE:7: ...` becomes `the body, line 7: ...`.
fn of_body(detail: &str, file: &FilePath) -> String {
    let name = file.display().to_string();
    let Some(rest) = detail.strip_prefix(&name) else { return detail.replace(&name, "the body") };
    match rest.strip_prefix(':').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
        Some(rest) if name.ends_with(PARQUET) => format!("the body, row {rest}"),
        Some(rest) => format!("the body, line {rest}"),
        None => format!("the body{rest}"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_in_the_query() {
        let pair = |role: &str, name: &str| (role.to_owned(), name.to_owned());
        let named = columns(vec![pair("question", "b"), pair("id", "x"), pair("question", "a")]);
        let named = named.unwrap();
        assert_eq!((named.question, named.id), (vec!["b".into(), "a".into()], vec!["x".into()]));
        for (role, name) in [("colour", "a"), ("code", "")] {
            assert!(columns(vec![pair(role, name)]).is_err(), "{role}");
        }
    }

    #[test]
    fn no_file_of_this_machine_is_named() {
        for (detail, file, expected) in [
            ("/t/a.jsonl:7: no", "/t/a.jsonl", "the body, line 7: no"),
            ("/t/a.parquet:7: no", "/t/a.parquet", "the body, row 7: no"),
            ("/t/a.jsonl: no", "/t/a.jsonl", "the body: no"),
            ("/t/a.jsonl has no items", "/t/a.jsonl", "the body has no items"),
            ("cannot read /t/a.jsonl", "/t/a.jsonl", "cannot read the body"),
        ] {
            assert_eq!(of_body(detail, FilePath::new(file)), expected);
        }
    }
}
