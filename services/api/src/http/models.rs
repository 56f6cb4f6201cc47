use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Service;

/// `GET /v1/models`: the model that answers, and what it did since the service started.
pub(crate) async fn list(State(service): State<Arc<Service>>) -> Json<Value> {
    let workshop = service.scheduler.workshop();
    Json(json!({"data": [{
        "name": service.model,
        "identity": workshop.backend().identity(),
        "parallel": workshop.backend().parallel(),
        "completion_tokens": workshop.calls().fresh_tokens(),
    }]}))
}

/// `GET /v1/recipes`: what requests may ask for.
pub(crate) async fn recipes(State(service): State<Arc<Service>>) -> Json<Value> {
    let recipes = service.scheduler.workshop().recipes().iter().map(|recipe| {
        json!({
            "name": recipe.name,
            "domain": recipe.domain,
            "kind": recipe.kind,
            "families": recipe.families.iter().map(|family| family.name).collect::<Vec<_>>(),
            "description": recipe.description,
            "version": recipe.version,
            "attempts": recipe.attempts,
            "digest": recipe.digest(),
        })
    });
    Json(json!({"data": recipes.collect::<Vec<_>>()}))
}
