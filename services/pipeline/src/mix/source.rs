//! Reads the documents of a dataset: accepted samples of a request, JSONL or Parquet files.

use std::path::Path;

use lehr_hygiene::rows::{DOCUMENT_BYTES, RowFault, each_row};
use lehr_record::{DatasetSource, Message, RecipeDataset, RequestId, Role, Sample};
use lehr_store::{SampleFilter, Store};
use serde_json::{Map, Value, json};

use super::files::{Fault, files};
use super::{Body, Document};
use crate::MixError;

/// The columns of a document's row.
const COLUMNS: [&str; 5] = ["id", "domain", "kind", "text", "messages"];

/// Why reading a file stopped.
enum Stop {
    Row(RowFault),
    Mix(MixError),
}

impl From<RowFault> for Stop {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

/// Samples that are read at a time.
const PAGE: u32 = 500;

/// Reads a dataset, handing each document on as it comes.
pub(crate) fn read(
    store: &Store,
    dataset: &RecipeDataset,
    mut each: impl FnMut(Document) -> Result<(), MixError>,
) -> Result<(), MixError> {
    match &dataset.source {
        DatasetSource::Request(request) => read_samples(store, dataset, request, each),
        DatasetSource::Path(path) => {
            let failed = |(place, reason): Fault| MixError::Source {
                dataset: dataset.name.clone(),
                place,
                reason,
            };
            for file in files(Path::new(path)).map_err(failed)? {
                let read = each_row(&file, &COLUMNS, |place, row| {
                    let read = document(dataset, &place, row);
                    match read.map_err(|reason| RowFault { place, reason })? {
                        Some(document) => each(document).map_err(Stop::Mix),
                        None => Ok(()),
                    }
                });
                read.map_err(|stop| match stop {
                    Stop::Row(RowFault { place, reason }) => failed((place, reason)),
                    Stop::Mix(error) => error,
                })?;
            }
            Ok(())
        }
    }
}

fn read_samples(
    store: &Store,
    dataset: &RecipeDataset,
    request: &RequestId,
    mut each: impl FnMut(Document) -> Result<(), MixError>,
) -> Result<(), MixError> {
    let mut filter =
        SampleFilter { state: Some("accepted".into()), domain: dataset.domain, after: None };
    loop {
        let page = store.samples(request, &filter, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        filter.after = Some(last.item);
        for sample in page {
            each(sample_document(dataset, sample))?;
        }
    }
}

fn sample_document(dataset: &RecipeDataset, sample: Sample) -> Document {
    let meta = json!({
        "request": sample.request,
        "recipe": sample.recipe,
        "recipe_digest": sample.recipe_digest,
        "model": sample.model,
        "seed": sample.seed_digest,
        "pass_rate": sample.pass_rate,
        "benchmark_index": sample.contamination.as_ref().map(|c| &c.index_version),
    });
    Document {
        id: sample.id.to_string(),
        domain: sample.domain.to_string(),
        kind: sample.kind,
        source: dataset.name.clone(),
        meta: meta.to_string(),
        body: Body::Messages(sample.messages),
    }
}

/// Makes a document of a row; its id is the row's own `id`, else its place. `None` when it is of
/// another domain than the recipe asks for. The error is the reason.
fn document(
    dataset: &RecipeDataset,
    place: &str,
    mut row: Map<String, Value>,
) -> Result<Option<Document>, String> {
    let mut text = |name: &str| match row.remove(name) {
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (id, domain, kind) = (text("id"), text("domain"), text("kind"));
    let domain = match dataset.domain {
        Some(wanted) if domain.is_empty() => wanted.to_string(),
        Some(wanted) if domain != wanted.as_str() => return Ok(None),
        _ => domain,
    };
    let document = Document {
        id: if id.is_empty() { place.to_owned() } else { id },
        domain,
        kind,
        body: body(row)?,
        source: dataset.name.clone(),
        meta: json!({ "place": place }).to_string(),
    };
    if document.bytes() > DOCUMENT_BYTES {
        return Err("the document is longer than 64 MiB; split it".into());
    }
    Ok(Some(document))
}

fn body(mut row: Map<String, Value>) -> Result<Body, String> {
    match (row.remove("text"), row.remove("messages")) {
        (Some(Value::String(text)), None | Some(Value::Null)) => Ok(Body::Text(text)),
        (None | Some(Value::Null), Some(messages)) => {
            let messages: Vec<Message> =
                serde_json::from_value(messages).map_err(|e| format!("messages: {e}"))?;
            if !messages.iter().any(|m| m.role == Role::Assistant) {
                return Err("messages: none is the assistant's".into());
            }
            Ok(Body::Messages(messages))
        }
        _ => Err("needs exactly one of text (a string) and messages (a list)".into()),
    }
}
