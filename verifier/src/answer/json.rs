//! A reply that is an object of JSON with its answer under a name: `{"answer": 5}`.

use serde_json::{Map, Value};

use super::extract::{Found, Rule};
use super::prose::Lead;
use super::readable::read_clause;
use super::statement::Statement;

/// The longest object that is read, in bytes.
const MAX_OBJECT: usize = 1 << 16;
/// The names under which an answer stands.
const NAMES: [&str; 4] = ["answer", "final_answer", "choice", "option"];

/// The answer of a reply that is an object, and where it stands.
pub(super) fn named_answer(body: &str) -> Option<(usize, String)> {
    let mut text = body.trim();
    if let Some(fenced) = text.strip_prefix("```").and_then(|t| t.strip_suffix("```")) {
        text = fenced.strip_prefix("json").unwrap_or(fenced).trim();
    }
    if text.len() > MAX_OBJECT || !(text.starts_with('{') && text.ends_with('}')) {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_str(text).ok()?;
    let mut named = NAMES.iter().filter(|name| object.contains_key(**name));
    let (Some(name), None) = (named.next(), named.next()) else { return None };
    // A name that stands there twice has two values.
    let quoted = format!("\"{name}\"");
    let mut places = text.match_indices(quoted.as_str());
    let (Some((place, _)), None) = (places.next(), places.next()) else { return None };
    let rest = text.get(place + quoted.len()..)?;
    let value = rest.trim_start().strip_prefix(':')?.trim_start();
    let start = body.find(text)? + (text.len() - value.len());
    match object.get(*name)? {
        Value::String(said) => Some((start + 1, said.clone())),
        // As it is written, and not as a float.
        Value::Number(_) => {
            let end = value.find(|c: char| c == ',' || c == '}' || c.is_whitespace())?;
            Some((start, value.get(..end)?.to_owned()))
        }
        _ => None,
    }
}

/// The same as a statement.
pub(super) fn of_json(body: &str) -> Option<Statement> {
    let (at, text) = named_answer(body)?;
    let reading = read_clause(&text, Lead::Filler);
    let found = Found { text, rule: Rule::Phrase, at, reading };
    Some(Statement { found, end: body.len(), denied: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_of_an_object_is_found() {
        for (body, expect) in [
            ("{\"answer\": 5}", Some("5")),
            ("```json\n{\"answer\": \"5 cm\"}\n```", Some("5 cm")),
            ("{\"steps\": [1, 2], \"final_answer\": 5e3}", Some("5e3")),
            (
                "{\"answer\": 123456789012345678901234567890}",
                Some("123456789012345678901234567890"),
            ),
            ("{\"answer\": 5, \"answer\": 6}", None),
            ("{\"answer\": 5, \"choice\": \"B\"}", None),
            ("{\"answer\": [5, 6]}", None),
            ("{\"guess\": 5}", None),
            ("{\"answer\": 5", None),
        ] {
            let found = named_answer(body).map(|(_, text)| text);
            assert_eq!(found.as_deref(), expect, "{body}");
        }
    }
}
