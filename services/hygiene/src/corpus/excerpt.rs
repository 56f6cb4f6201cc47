use std::collections::BTreeMap;

use serde_json::Value;
use tantivy::snippet::SnippetGenerator;

use super::layout::Layout;
use super::{RecalledDocument, Topic};
use crate::prose;
use crate::search::{SNIPPET_CHARS, Snippet};

/// Shows where a topic stands in the documents found.
pub struct Excerpter(SnippetGenerator);

impl Excerpter {
    /// For one topic.
    pub fn new(topic: &Topic) -> Self {
        let terms: BTreeMap<String, f32> =
            topic.terms.iter().map(|(term, _)| (term.clone(), 1.0)).collect();
        let field = Layout::new().body;
        Self(SnippetGenerator::new(terms, prose::analyzer(true), field, SNIPPET_CHARS))
    }

    /// The piece of a document with the most of the topic, at most 240 characters.
    pub fn excerpt(&self, document: &RecalledDocument<'_>) -> Option<Snippet> {
        let row = &document.row;
        let content = |message: &Value| message["content"].as_str().map(str::to_owned);
        let text = match (row.get("text"), row.get("messages")) {
            (Some(Value::String(text)), _) => text.clone(),
            (_, Some(Value::Array(messages))) => {
                messages.iter().filter_map(content).collect::<Vec<_>>().join("\n")
            }
            _ => return None,
        };
        Snippet::of("text", &self.0, &text)
    }
}
