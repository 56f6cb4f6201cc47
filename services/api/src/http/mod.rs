//! The REST interface, one resource a file.
//!
//! Every answer is JSON; every error is a problem detail (RFC 9457) with the status it belongs to,
//! made in one place ([`problem`]). Bodies are bounded in size and time, identifiers are checked
//! before they are used, and nothing a client sends names a file of this machine outside
//! the directories that the configuration opens.

mod benchmarks;
mod body;
mod corpora;
mod events;
mod health;
mod listen;
mod mixes;
mod models;
mod page;
mod path;
mod problem;
mod requests;
mod samples;
mod search;
mod verify;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode, Uri};
use axum::routing::{get, post};
use lehr_hygiene::corpus::Corpora;
use lehr_pipeline::{Catalogue, Scheduler};
use tower_http::catch_panic::CatchPanicLayer;

use problem::Problem;

pub use listen::serve;

/// What the handlers share.
pub struct Service {
    /// Runs the requests.
    pub scheduler: Arc<Scheduler>,
    /// The samples, to be searched.
    pub catalogue: Arc<Catalogue>,
    /// Texts of the user's, to find those about a topic.
    pub corpora: Corpora,
    /// Where mixes are written.
    pub mixes: PathBuf,
    /// The directories that a mix may read documents from.
    pub imports: Vec<PathBuf>,
    /// The model as the configuration names it.
    pub model: String,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// The longest a client may take to send a body.
    pub client_time: Duration,
}

/// The OpenAPI document, kept by hand beside the handlers and held against [`routes`] by a test.
pub const OPENAPI: &str = include_str!("../../openapi.json");

/// The whole interface.
pub fn router(service: Arc<Service>) -> Router {
    let limit = service.body_limit;
    routes()
        .fallback(|uri: Uri| async move {
            Problem::new(StatusCode::NOT_FOUND, format!("there is nothing at {}", uri.path()))
                .remedy("see /openapi.json for what there is")
        })
        .method_not_allowed_fallback(|method: Method, uri: Uri| async move {
            let detail = format!("{} does not take {method}", uri.path());
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
                .remedy("see /openapi.json for the methods of each path")
        })
        .layer(DefaultBodyLimit::max(limit))
        .layer(CatchPanicLayer::custom(problem::panicked))
        .with_state(service)
}

fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/openapi.json", get(health::openapi))
        .route("/v1/recipes", get(models::recipes))
        .route("/v1/models", get(models::list))
        .route("/v1/requests", post(requests::create).get(requests::list))
        .route("/v1/requests/{id}", get(requests::read))
        .route("/v1/requests/{id}/cancel", post(requests::cancel))
        .route("/v1/requests/{id}/funnel", get(requests::funnel))
        .route("/v1/requests/{id}/events", get(events::follow))
        .route("/v1/requests/{id}/samples", get(samples::list))
        .route("/v1/samples/search", get(search::search))
        .route("/v1/samples/{id}", get(samples::read))
        .route("/v1/benchmarks", get(benchmarks::list))
        .route("/v1/benchmarks/{name}", get(benchmarks::read).delete(benchmarks::remove))
        .route("/v1/benchmarks/{name}", post(benchmarks::add).put(benchmarks::replace))
        .route("/v1/corpora", get(corpora::list))
        .route("/v1/corpora/{name}/find", get(corpora::find))
        .route("/v1/mixes", post(mixes::create).get(mixes::list))
        .route("/v1/mixes/{name}", get(mixes::read))
        .route("/v1/mixes/{name}/card", get(mixes::card))
        .route("/v1/verify", post(verify::judge))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    /// The paths in the document are those of the router, method by method.
    #[test]
    fn the_openapi_document_has_every_route() {
        let document: Value = serde_json::from_str(super::OPENAPI).unwrap();
        let documented: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(path, methods)| {
                methods.as_object().unwrap().keys().map(|method| (path.clone(), method.clone()))
            })
            .collect();
        let source = include_str!("mod.rs");
        let routes = source.lines().filter_map(|line| line.trim().strip_prefix(".route(\""));
        let mut served = BTreeSet::new();
        for route in routes {
            let (path, handlers) = route.split_once("\", ").unwrap();
            for method in ["get", "post", "put", "delete"] {
                if handlers.contains(&format!("{method}(")) {
                    served.insert((path.to_owned(), method.to_owned()));
                }
            }
        }
        assert!(served.len() > 10, "the routes could not be read: {served:?}");
        assert_eq!(documented, served);
    }

    /// Every reference of the document leads somewhere.
    #[test]
    fn the_openapi_document_is_closed() {
        fn references(value: &Value, found: &mut BTreeSet<String>) {
            match value {
                Value::Object(fields) => {
                    if let Some(Value::String(name)) = fields.get("$ref") {
                        found.insert(name.clone());
                    }
                    fields.values().for_each(|field| references(field, found));
                }
                Value::Array(items) => items.iter().for_each(|item| references(item, found)),
                _ => {}
            }
        }
        let document: Value = serde_json::from_str(super::OPENAPI).unwrap();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for name in found {
            let pointer = name.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{name} is not defined");
        }
    }
}
