//! The fields of a corpus's index, and the rows that become its documents.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, STORED, Schema, TextOptions, Value as _};

use super::CorpusFile;
use crate::prose;
use crate::rows::RowFault;

/// The columns of a document's row.
pub(crate) const COLUMNS: [&str; 5] = ["id", "domain", "kind", "text", "messages"];

/// The column of a document's place in its corpus.
pub(crate) const NUMBER: &str = "number";

/// Handles of the index's fields.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub schema: Schema,
    /// The terms of the document.
    pub body: Field,
    /// Where it was read: the file's name with the line or row.
    pub place: Field,
    /// The row's columns as JSON, to be written out again.
    pub row: Field,
    /// Its place in the corpus, from 0.
    pub number: Field,
}

impl Layout {
    pub fn new() -> Self {
        let mut builder = Schema::builder();
        let body = TextOptions::default().set_indexing_options(prose::indexing());
        Self {
            body: builder.add_text_field("body", body),
            place: builder.add_text_field("place", STORED),
            row: builder.add_text_field("row", STORED),
            number: builder.add_u64_field(NUMBER, FAST),
            schema: builder.build(),
        }
    }

    pub fn document(&self, document: &Document, number: u64) -> TantivyDocument {
        let mut fields = TantivyDocument::new();
        fields.add_text(self.body, &document.body);
        fields.add_text(self.place, &document.place);
        fields.add_text(self.row, &document.row);
        fields.add_u64(self.number, number);
        fields
    }

    /// The place and the row of a document.
    pub fn stored<'a>(&self, document: &'a TantivyDocument) -> (&'a str, &'a str) {
        let text =
            |field| document.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        (text(self.place), text(self.row))
    }
}

/// A document as it is kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// Its text, or the contents of its messages.
    pub body: String,
    place: String,
    row: String,
}

/// Reads a row; `None` when its text has no word.
pub(crate) fn document(
    place: String,
    mut row: Map<String, Value>,
) -> Result<Option<Document>, RowFault> {
    row.retain(|name, value| COLUMNS.contains(&name.as_str()) && !value.is_null());
    let fault = |reason: &str| RowFault { place: place.clone(), reason: reason.to_owned() };
    let body = match (row.get("text"), row.get("messages")) {
        (Some(Value::String(text)), None) => text.clone(),
        (None, Some(Value::Array(messages))) => {
            let contents: Option<Vec<&str>> =
                messages.iter().map(|message| message["content"].as_str()).collect();
            contents.ok_or_else(|| fault("a message has no text in `content`"))?.join("\n")
        }
        (None, None) => {
            return Err(fault("has neither `text` nor `messages`; give it one of them"));
        }
        _ => return Err(fault("needs exactly one of text (a string) and messages (a list)")),
    };
    if !body.contains(char::is_alphanumeric) {
        return Ok(None);
    }
    // The same id that a mix would give the document, so that both can be found in the file.
    row.entry("id").or_insert_with(|| Value::String(place.clone()));
    let row = Value::Object(row).to_string();
    Ok(Some(Document { body, place, row }))
}

/// What a corpus knows of itself; part of the same commit as its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// Its documents.
    pub documents: u64,
    /// The bytes of their texts.
    pub bytes: u64,
    /// The files that were imported, in order.
    pub files: Vec<CorpusFile>,
}
