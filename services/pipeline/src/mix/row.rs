//! A row of a file as a document.

use lehr_hygiene::rows::DOCUMENT_BYTES;
use lehr_record::{Message, RecipeDataset, Role};
use serde_json::{Map, Value, json};

use super::source::Found;
use super::{Body, Document};

/// The columns of a document's row.
pub(crate) const COLUMNS: [&str; 7] =
    ["id", "domain", "kind", "text", "messages", "meta", "pass_rate"];

/// Makes a document of a row at a place of a dataset; its id is the row's own `id`, else the place.
/// What the row says of itself in `meta` is kept. The error is the reason.
pub(crate) fn document(
    dataset: &RecipeDataset,
    place: &str,
    mut row: Map<String, Value>,
) -> Result<Found, String> {
    let mut text = |name: &str| match row.remove(name) {
        Some(Value::String(text)) => text,
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (id, domain, kind) = (text("id"), text("domain"), text("kind"));
    let wanted_domain = dataset.domain.map(|domain| domain.as_str());
    let (Some(domain), Some(kind)) =
        (label(domain, wanted_domain), label(kind, dataset.kind.as_deref()))
    else {
        return Ok(Found::OtherKind);
    };
    // A mix keeps it as JSON in a string.
    let of = match row.remove("meta") {
        Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        Some(value) => value,
        None => Value::Null,
    };
    let outside = Value::Object(row.clone().into_iter().filter(|(_, v)| v.is_number()).collect());
    let difficulty = difficulty(dataset, &outside).or_else(|| difficulty(dataset, &of));
    let mut meta = Map::from_iter([("place".to_owned(), json!(place))]);
    for name in ["pass_rate"].into_iter().chain(dataset.difficulty.as_deref()) {
        if let Some(number) = outside.get(name).or_else(|| of.get(name)) {
            meta.insert(name.to_owned(), number.clone());
        }
    }
    if !of.is_null() {
        meta.insert("of".to_owned(), of);
    }
    let document = Document {
        id: if id.is_empty() { format!("{}/{place}", dataset.name) } else { id },
        domain,
        kind,
        body: body(row)?,
        source: dataset.name.clone(),
        meta: Value::Object(meta).to_string(),
        difficulty,
    };
    if document.bytes() > DOCUMENT_BYTES {
        return Err("the document is longer than 64 MiB; split it".into());
    }
    Ok(Found::Document(document))
}

/// What a document is labelled with: its own label, else the one that is wanted; `None` when it is
/// another.
fn label(own: String, wanted: Option<&str>) -> Option<String> {
    match wanted {
        Some(wanted) if own.is_empty() => Some(wanted.to_owned()),
        Some(wanted) if own != wanted => None,
        _ => Some(own),
    }
}

/// How hard a document is by what is said about it: the number in the field that the dataset names,
/// else 1 - `pass_rate`.
pub(crate) fn difficulty(dataset: &RecipeDataset, said: &Value) -> Option<f32> {
    let number = |name: &str| said.get(name).and_then(Value::as_f64).filter(|n| n.is_finite());
    let difficulty = match &dataset.difficulty {
        Some(name) => number(name),
        None => number("pass_rate").map(|rate| 1.0 - rate),
    };
    difficulty.map(|difficulty| difficulty as f32)
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
