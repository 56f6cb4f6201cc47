use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{DataError, jsonl, parquet};

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks: "system", "user", "assistant" or what else the chat template knows.
    pub role: String,
    /// What is said.
    pub content: String,
}

/// One document as it comes from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// Plain text.
    Text(String),
    /// A conversation, to be rendered by the tokenizer's chat template.
    Messages(Vec<Message>),
}

impl Document {
    /// A document from a row's two columns: text where there is one, else messages. A row with
    /// neither is none.
    pub(crate) fn from_columns(
        text: Option<String>,
        messages: Option<Vec<Message>>,
    ) -> Option<Self> {
        text.map(Self::Text).or_else(|| messages.map(Self::Messages))
    }

    /// Its size in bytes, for the bounding of batches.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Messages(messages) => {
                messages.iter().map(|m| m.role.len() + m.content.len()).sum()
            }
        }
    }
}

/// One row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its number, counted from 1; in JSONL that of the line.
    pub number: u64,
    /// What is in it.
    pub document: Document,
    /// The dataset that it comes from, if its `source` column says so.
    pub dataset: Option<String>,
}

/// Hands every row of a JSONL or Parquet file to `take`.
///
/// # Errors
/// A file that cannot be read, a row that is not a document, or what `take` returns.
pub(crate) fn for_each(
    path: &Path,
    take: &mut dyn FnMut(Row) -> Result<(), DataError>,
) -> Result<(), DataError> {
    if path.extension().is_some_and(|extension| extension == "parquet") {
        parquet::for_each(path, take)
    } else {
        jsonl::for_each(path, take)
    }
}
