//! Builds a mix: accepted samples and the user's own documents, drawn by weight, written with
//! hashes.
//!
//! Every document is checked again on its way in: exact duplicates of earlier documents in the mix
//! and documents that overlap with a registered benchmark are left out and counted. The order of
//! the datasets in the recipe decides which of two duplicates stays. The same recipe over the same
//! sources gives the same bytes.

mod build;
mod draw;
mod source;
mod table;

pub use build::build_mix;

use lehr_record::Message;

/// One training document of a mix.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    /// The sample's name, or the file and row it was read from.
    pub id: String,
    /// The field of knowledge, or empty.
    pub domain: String,
    /// The kind of data, such as `cot`, or empty.
    pub kind: String,
    /// What to train on.
    pub body: Body,
    /// The dataset's name in the recipe.
    pub source: String,
    /// What traces the document, as a JSON object.
    pub meta: String,
}

/// What to train on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// Plain text.
    Text(String),
    /// A conversation; the trainer renders it in the checkpoint's chat format.
    Messages(Vec<Message>),
}

impl Document {
    /// All text of the document, for checks and for its length.
    pub fn text(&self) -> String {
        match &self.body {
            Body::Text(text) => text.clone(),
            Body::Messages(messages) => {
                let parts: Vec<&str> = messages.iter().map(|m| m.content.as_str()).collect();
                parts.join("\n\n")
            }
        }
    }

    /// Its estimated length in tokens, at 4 bytes a token, at least 1.
    pub fn tokens(&self) -> u64 {
        let bytes = match &self.body {
            Body::Text(text) => text.len(),
            Body::Messages(messages) => messages.iter().map(|m| m.content.len()).sum(),
        };
        (bytes as u64).div_ceil(4).max(1)
    }
}
