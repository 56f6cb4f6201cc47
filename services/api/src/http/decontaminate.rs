//! Checking a client's own documents against the registered benchmarks.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use futures::{StreamExt, TryStreamExt, stream};
use lehr_hygiene::{MAX_TEXT_BYTES, Mode, RegistryView, Subject};
use lehr_pipeline::Workshop;
use lehr_record::{Contamination, Digest, Message};
use serde::{Deserialize, Serialize};

use super::Service;
use super::body::JsonBody;
use super::bounded::Bounded;
use super::problem::Problem;
use super::requests::{blocking, idempotency_key};

/// The most documents of a body, and the most messages of a document.
const MOST: usize = 1000;

/// Documents of one body at work at once, so that others get their turn on the cores.
const AT_WORK: usize = 16;

/// Documents to be checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    documents: Bounded<Document, MOST>,
    /// As configured when absent.
    mode: Option<Mode>,
}

/// One document: a text, or a conversation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    id: Id,
    text: Option<String>,
    messages: Option<Bounded<Message, MOST>>,
    /// The wording that all texts of its kind have.
    #[serde(default)]
    template: String,
    /// Its final answer, when one is known.
    answer: Option<String>,
}

/// What a client calls a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(serde_json::Number),
}

/// What was found.
#[derive(Serialize)]
pub(crate) struct Answer {
    mode: Mode,
    index_version: Digest,
    rules: Digest,
    summary: Summary,
    /// The documents that may be trained on, in their order; only where the others are dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    keep: Option<Vec<Id>>,
    /// One finding a document, in their order.
    documents: Vec<Finding>,
}

#[derive(Serialize)]
struct Summary {
    documents: usize,
    contaminated: usize,
}

#[derive(Serialize)]
struct Finding {
    id: Id,
    #[serde(flatten)]
    found: Contamination,
}

/// `POST /v1/decontaminate`: what the benchmark check finds in each document.
///
/// All are checked against the same state of the registry. Nothing is kept; an Idempotency-Key is
/// taken and makes no difference.
pub(crate) async fn check(
    State(service): State<Arc<Service>>,
    headers: HeaderMap,
    JsonBody(query): JsonBody<Query>,
) -> Result<Json<Answer>, Problem> {
    idempotency_key(&headers)?;
    let workshop = service.scheduler.workshop();
    let mode = query.mode.unwrap_or(workshop.mode());
    let documents = checked(query.documents.0)?;
    let registry = Arc::clone(workshop.registry());
    let view = Arc::new(blocking(move || Ok(registry.view()?)).await?);
    let findings: Vec<Finding> =
        stream::iter(documents.into_iter().map(|document| find(workshop, &view, document)))
            .buffered(AT_WORK)
            .try_collect()
            .await?;
    let clean = findings.iter().filter(|finding| !finding.found.contaminated);
    let keep: Vec<Id> = clean.map(|finding| finding.id.clone()).collect();
    Ok(Json(Answer {
        mode,
        index_version: view.version().clone(),
        rules: view.rules().clone(),
        summary: Summary { documents: findings.len(), contaminated: findings.len() - keep.len() },
        keep: (mode == Mode::Drop).then_some(keep),
        documents: findings,
    }))
}

/// A document that can be checked.
struct Checked {
    id: Id,
    text: String,
    template: String,
    answer: Option<String>,
}

/// The documents with their texts, if all can be checked and told apart.
fn checked(documents: Vec<Document>) -> Result<Vec<Checked>, Problem> {
    let mut seen = HashMap::new();
    let mut checked = Vec::with_capacity(documents.len());
    for (at, document) in documents.into_iter().enumerate() {
        let field = |name: &str| format!("documents[{at}].{name}");
        if let Some(first) = seen.insert(document.id.clone(), at) {
            let detail = format!("is the identifier of documents[{first}] too");
            return Err(Problem::unprocessable(field("id"), detail)
                .remedy("give every document an identifier of its own"));
        }
        let (name, text) = match (document.text, document.messages) {
            (Some(text), None) => ("text", text),
            (None, Some(messages)) => {
                let contents = messages.0.iter().map(|message| message.content.as_str());
                ("messages", contents.collect::<Vec<_>>().join("\n\n"))
            }
            _ => {
                let detail = "needs either a text or messages";
                return Err(Problem::unprocessable(format!("documents[{at}]"), detail)
                    .remedy("give one of the two"));
            }
        };
        let longest = [(name, text.len()), ("template", document.template.len())];
        for (name, bytes) in longest {
            if bytes > MAX_TEXT_BYTES {
                let detail = format!("has {bytes} bytes; at most {MAX_TEXT_BYTES} are checked");
                return Err(Problem::unprocessable(field(name), detail)
                    .remedy("split it, or use `lehr hygiene check`"));
            }
        }
        checked.push(Checked {
            id: document.id,
            text,
            template: document.template,
            answer: document.answer,
        });
    }
    Ok(checked)
}

async fn find(
    workshop: &Workshop,
    view: &Arc<RegistryView>,
    document: Checked,
) -> Result<Finding, Problem> {
    let view = Arc::clone(view);
    let found = workshop.on_core(move || {
        let Checked { id, text, template, answer } = document;
        let answer = answer.as_deref();
        let subject = Subject { text: &text, template: &template, answer, ..Subject::default() };
        view.check(subject).map(|found| Finding { id, found })
    });
    let found = found.await.map_err(|died| {
        tracing::error!(%died, "a check for benchmarks failed");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "the check of a document failed")
            .remedy("see the log of the service, then try again")
    })?;
    Ok(found?)
}
