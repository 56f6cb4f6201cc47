//! Checking files of documents, for `lehr hygiene check`.

use std::io::{BufRead, Read, Write};

use lehr_record::{Digest, Overlap, Span};
use serde::Serialize;
use serde_json::Value;

use crate::rows::{identifier, parse_line};
use crate::{BenchmarkRegistry, HygieneError, MAX_TEXT_BYTES};

/// The most bytes of a line: a text of the largest size with every byte escaped, and room for the
/// other fields.
const MAX_LINE_BYTES: usize = 6 * MAX_TEXT_BYTES + (1 << 20);

/// The result of one document: the report has one as a JSON object a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentReport<'a> {
    /// The document's identifier as it was given.
    pub id: &'a Value,
    /// Whether it must not be trained on.
    pub contaminated: bool,
    /// The benchmark of the nearest item; `null` when nothing overlaps.
    pub benchmark: Option<&'a str>,
    /// The nearest item.
    pub item: Option<&'a str>,
    /// Its score, from 0 to 1; 0 when nothing overlaps.
    pub score: f64,
    /// Where it stands in the document's text, as byte offsets.
    pub spans: &'a [Span],
    /// The text of the first span.
    pub excerpt: Option<&'a str>,
    /// The matching text of the item.
    pub benchmark_excerpt: Option<&'a str>,
    /// The nearest items, best first, the one above included.
    pub overlaps: &'a [Overlap],
    /// The version of the registry.
    pub index_version: &'a Digest,
}

/// How many documents were checked and found contaminated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The documents checked.
    pub documents: u64,
    /// Those that must not be trained on.
    pub contaminated: u64,
}

/// Checks documents `{"id", "text"}`, one a line, and writes one [`DocumentReport`] a line in the
/// same order. Holds one document in memory. Other fields and blank lines are passed over.
///
/// # Errors
/// At the first line that is not such a document or cannot be checked, naming the line (from 1); the
/// reports of the lines before it have been written. When reading or writing fails.
pub fn check_documents(
    registry: &BenchmarkRegistry,
    mut documents: impl BufRead,
    mut report: impl Write,
) -> Result<Summary, HygieneError> {
    let mut summary = Summary::default();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        documents
            .by_ref()
            .take(MAX_LINE_BYTES as u64 + 1)
            .read_until(b'\n', &mut line)
            .map_err(|source| HygieneError::Stream { doing: "read the documents", source })?;
        if line.is_empty() {
            break;
        }
        let at = |source| HygieneError::Document { line: number, source: Box::new(source) };
        if line.len() > MAX_LINE_BYTES {
            let (bytes, limit) = (line.len(), MAX_LINE_BYTES);
            return Err(at(HygieneError::TextTooLong { bytes, limit }));
        }
        let Some((id, text)) = document(&line, number)? else { continue };
        let contaminated = check_one(registry, &id, &text, &mut report).map_err(at)?;
        summary.documents += 1;
        summary.contaminated += u64::from(contaminated);
    }
    report.flush().map_err(written)?;
    Ok(summary)
}

fn check_one(
    registry: &BenchmarkRegistry,
    id: &Value,
    text: &str,
    report: &mut impl Write,
) -> Result<bool, HygieneError> {
    let found = registry.check(text)?;
    let nearest = found.overlaps.first();
    let entry = DocumentReport {
        id,
        contaminated: found.contaminated,
        benchmark: nearest.map(|overlap| overlap.benchmark.as_str()),
        item: nearest.map(|overlap| overlap.item.as_str()),
        score: nearest.map_or(0.0, |overlap| overlap.score),
        spans: nearest.map_or(&[], |overlap| &overlap.spans),
        excerpt: nearest.map(|overlap| overlap.excerpt.as_str()),
        benchmark_excerpt: nearest.map(|overlap| overlap.benchmark_excerpt.as_str()),
        overlaps: &found.overlaps,
        index_version: &found.index_version,
    };
    let mut json = serde_json::to_vec(&entry).map_err(|e| written(e.into()))?;
    json.push(b'\n');
    report.write_all(&json).map_err(written)?;
    Ok(found.contaminated)
}

fn written(source: std::io::Error) -> HygieneError {
    HygieneError::Stream { doing: "write the report", source }
}

/// The identifier and the text of a line; `None` when it is blank.
fn document(line: &[u8], number: u64) -> Result<Option<(Value, String)>, HygieneError> {
    let place = || "the documents".to_owned();
    let parsed = parse_line(line, number).map_err(|fault| HygieneError::Json {
        place: place(),
        line: number,
        column: fault.column,
        message: fault.message,
    });
    let Some(mut object) = parsed? else { return Ok(None) };
    let wrong = |message: &str| HygieneError::Json {
        place: place(),
        line: number,
        column: 0,
        message: message.to_owned(),
    };
    let id = object.remove("id").filter(|id| identifier(id).is_some());
    let id = id.ok_or_else(|| wrong("`id` is missing or neither a string nor a number"))?;
    match object.remove("text") {
        Some(Value::String(text)) => Ok(Some((id, text))),
        _ => Err(wrong("`text` is missing or not a string")),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const ITEM: &str =
        "Seven grey cranes crossed the frozen canal before the bells of noon rang out";

    fn run(documents: &str) -> (Result<Summary, HygieneError>, Vec<Value>) {
        let dir = tempfile::tempdir().unwrap();
        let registry = BenchmarkRegistry::open(dir.path().join("registry")).unwrap();
        let path = dir.path().join("b.jsonl");
        std::fs::write(&path, serde_json::json!({"id": "x", "question": ITEM}).to_string())
            .unwrap();
        registry.add("bench", &path, &Default::default()).unwrap();
        let mut report = Vec::new();
        let summary = check_documents(&registry, documents.as_bytes(), &mut report);
        let report = String::from_utf8(report).unwrap();
        (summary, report.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }

    #[test]
    fn every_document_has_its_line_in_order() {
        let text = format!("Listen: {ITEM}.");
        let bad = serde_json::json!({"id": 7, "text": text, "more": []});
        let (summary, report) = run(&format!("{{\"id\":\"a\",\"text\":\"fine\"}}\n\n{bad}\r\n"));
        assert_eq!(summary.unwrap(), Summary { documents: 2, contaminated: 1 });
        assert_eq!(report[0]["id"], "a");
        assert_eq!(report[0]["contaminated"], false);
        assert_eq!(report[0]["benchmark"], Value::Null);
        assert_eq!(report[0]["spans"], serde_json::json!([]));
        assert_eq!(report[1]["id"], 7);
        assert_eq!(report[1]["contaminated"], true);
        assert_eq!((&report[1]["benchmark"], &report[1]["item"]), (&"bench".into(), &"x".into()));
        assert_eq!(report[1]["spans"], serde_json::json!([{"start": 8, "end": 8 + ITEM.len()}]));
        assert_eq!(report[1]["excerpt"], ITEM);
    }

    #[test]
    fn a_line_that_is_no_document_is_named() {
        for (line, needle) in [
            ("{\"id\":1}", "`text`"),
            ("{\"text\":\"a\"}", "`id`"),
            ("{\"id\":null,\"text\":\"a\"}", "`id`"),
            ("{\"id\":1,\"text\":2}", "`text`"),
            ("{\"id\":1,", "column"),
            ("\"text\"", "not an object"),
        ] {
            let (summary, report) = run(&format!("{{\"id\":0,\"text\":\"a\"}}\n{line}\n"));
            let error = summary.unwrap_err().to_string();
            assert!(error.contains("line 2") && error.contains(needle), "{line}: {error}");
            assert_eq!(report.len(), 1, "{line}");
        }
        let long = serde_json::json!({"id": 1, "text": "a".repeat(MAX_TEXT_BYTES + 1)});
        let error = run(&long.to_string()).0.unwrap_err().to_string();
        assert!(error.contains("line 1") && error.contains("4194304"), "{error}");
    }
}
