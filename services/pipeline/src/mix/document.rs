use lehr_record::Message;
use serde::{Deserialize, Serialize};

/// One training document of a mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// How hard it is, as its dataset says; its place in the spool keeps it.
    #[serde(skip)]
    pub difficulty: Option<f32>,
}

/// What to train on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Body {
    /// Plain text.
    Text(String),
    /// A conversation; the trainer renders it in the checkpoint's chat format.
    Messages(Vec<Message>),
}

impl Document {
    /// All text of the document, for checks.
    pub fn text(&self) -> String {
        match &self.body {
            Body::Text(text) => text.clone(),
            Body::Messages(messages) => {
                let parts: Vec<&str> = messages.iter().map(|m| m.content.as_str()).collect();
                parts.join("\n\n")
            }
        }
    }

    /// The length of its text in bytes.
    pub fn bytes(&self) -> u64 {
        match &self.body {
            Body::Text(text) => text.len() as u64,
            Body::Messages(messages) => messages.iter().map(|m| m.content.len() as u64).sum(),
        }
    }

    /// Its estimated length in tokens, at 4 bytes a token, at least 1.
    pub fn tokens(&self) -> u64 {
        self.bytes().div_ceil(4).max(1)
    }
}
