use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use lehr_hygiene::corpus::{
    CorpusError, CorpusInfo, Excerpter, RecallLimits, RecallSummary, Topic,
};
use lehr_hygiene::search::Snippet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Service;
use super::page::{Page, QueryString, limit};
use super::path::Path;
use super::problem::Problem;
use super::requests::blocking;

/// What to find in a corpus.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Find {
    topic: String,
    limit: Option<u32>,
    min_score: Option<f32>,
    min_share: Option<f64>,
}

/// A document that was found, without its text: `lehr corpus find` writes that to a file.
#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    id: Value,
    place: String,
    score: f32,
    share: f64,
    terms: Vec<String>,
    phrases: Vec<String>,
    excerpt: Option<Snippet>,
}

/// The best documents, and what the search came to.
#[derive(Debug, Serialize)]
pub(crate) struct Found {
    data: Vec<Hit>,
    #[serde(flatten)]
    summary: RecallSummary,
}

/// `GET /v1/corpora`: by name.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
) -> Result<Json<Page<CorpusInfo>>, Problem> {
    blocking(move || Ok(Json(Page { data: service.corpora.list()?, next: None }))).await
}

/// `GET /v1/corpora/{name}/find`: the documents about a topic, best first.
pub(crate) async fn find(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
    QueryString(find): QueryString<Find>,
) -> Result<Json<Found>, Problem> {
    let usual = RecallLimits::default();
    let limits = RecallLimits {
        limit: Some(limit(find.limit)? as usize),
        min_score: find.min_score.unwrap_or(usual.min_score),
        min_share: find.min_share.unwrap_or(usual.min_share),
    };
    blocking(move || {
        let corpus = service.corpora.get(&name)?;
        let topic = Topic::new(&[&find.topic])?;
        let excerpter = Excerpter::new(&topic);
        let mut data = Vec::new();
        let summary = corpus.find(&topic, &limits, |document| -> Result<(), CorpusError> {
            data.push(Hit {
                id: document.row.get("id").cloned().unwrap_or_default(),
                place: document.place.to_owned(),
                score: document.score,
                share: document.share,
                terms: document.terms.iter().map(|&term| term.to_owned()).collect(),
                excerpt: excerpter.excerpt(&document),
                phrases: document.phrases,
            });
            Ok(())
        })?;
        Ok(Json(Found { data, summary }))
    })
    .await
}
