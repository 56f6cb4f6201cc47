//! Checking files of documents, for `lehr hygiene check`.
//!
//! Documents are read in batches of a bounded size, checked on all cores and reported in the order
//! of the file, so a report is the same whatever the number of cores.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::path::Path;

use lehr_record::{Contamination, Digest, Overlap, OverlapKind, Span};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::rows::{LineFault, RowFault, each_row, identifier, parse_line};
use crate::{HygieneError, MAX_TEXT_BYTES, RegistryView, Subject};

/// The most bytes of a line: a text of the largest size with every byte escaped, and room for the
/// other fields.
const MAX_LINE_BYTES: usize = 6 * MAX_TEXT_BYTES + (1 << 20);

/// A batch is checked when it has so many documents, or so many bytes.
const BATCH: (usize, usize) = (512, 8 << 20);

/// What Parquet files begin with.
const PARQUET: &[u8] = b"PAR1";

/// The columns that are read of Parquet files.
const COLUMNS: [&str; 5] = ["id", "text", "messages", "template", "answer"];

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
    /// How it was found.
    pub kind: Option<OverlapKind>,
    /// Why it condemns or does not.
    pub reason: Option<&'a str>,
    /// Its score, from 0 to 1; 0 when nothing overlaps.
    pub score: f64,
    /// Where it stands in the document's text, as byte offsets. The text of a conversation is that
    /// of its messages with a blank line between them.
    pub spans: &'a [Span],
    /// The text of the first span.
    pub excerpt: Option<&'a str>,
    /// The matching text of the item.
    pub benchmark_excerpt: Option<&'a str>,
    /// The nearest items, best first, the one above included.
    pub overlaps: &'a [Overlap],
    /// The version of the registry.
    pub index_version: &'a Digest,
    /// The thresholds and models that decided.
    pub rules: &'a Digest,
}

/// How many documents were checked and found contaminated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The documents checked.
    pub documents: u64,
    /// Those that must not be trained on.
    pub contaminated: u64,
    /// The contaminated ones by the way in which they were found first.
    pub by_kind: BTreeMap<&'static str, u64>,
    /// The contaminated ones by benchmark; one that overlaps with two counts for both.
    pub by_benchmark: BTreeMap<String, u64>,
}

/// Where the results go.
pub struct Sinks<'a> {
    /// Gets one [`DocumentReport`] a line, in the order of the documents.
    pub report: &'a mut dyn Write,
    /// Gets the lines of the clean documents as they came.
    pub clean: Option<&'a mut dyn Write>,
}

/// Checks a file of documents `{"id", "text" | "messages"}`, with `template` and `answer` where they
/// are known: JSONL, or Parquet, of which no clean documents can be written. Other fields and blank
/// lines are passed over. `template` is the wording that all documents have. Holds one batch in
/// memory.
///
/// # Errors
/// At the first line or row that is not such a document or cannot be checked, with its number from
/// 1; the results of those before it have been written. When reading or writing fails.
pub fn check_file(
    view: &RegistryView,
    template: &str,
    file: &Path,
    sinks: Sinks<'_>,
) -> Result<Summary, HygieneError> {
    let failed = |source| HygieneError::File { path: file.to_owned(), source };
    let mut open = File::open(file).map_err(failed)?;
    let mut start = Vec::new();
    Read::take(&mut open, PARQUET.len() as u64).read_to_end(&mut start).map_err(failed)?;
    if start != PARQUET && file.extension().is_none_or(|extension| extension != "parquet") {
        open.rewind().map_err(failed)?;
        return check_documents(view, template, BufReader::new(open), sinks);
    }
    if sinks.clean.is_some() {
        let message = "clean documents are written of JSONL only; convert the file, or make a mix \
                       of it, which leaves contaminated documents out by itself";
        return Err(wrong(&file.display().to_string(), 0, message));
    }
    let mut check = Check::new(view, template, sinks);
    let mut number = 0;
    each_row(file, &COLUMNS, |_, row| {
        number += 1;
        check.take(number, Line::Row(row)).map_err(Stop::Check)
    })
    .map_err(|stop| match stop {
        Stop::Row(fault) => wrong(&fault.place, number + 1, &fault.reason),
        Stop::Check(error) => error,
    })?;
    check.finish()
}

/// Why reading rows ended.
enum Stop {
    Row(RowFault),
    Check(HygieneError),
}

impl From<RowFault> for Stop {
    fn from(fault: RowFault) -> Self {
        Self::Row(fault)
    }
}

/// As [`check_file`], for JSONL from anywhere.
///
/// # Errors
/// As [`check_file`].
pub fn check_documents(
    view: &RegistryView,
    template: &str,
    mut documents: impl BufRead,
    sinks: Sinks<'_>,
) -> Result<Summary, HygieneError> {
    let mut check = Check::new(view, template, sinks);
    for number in 1.. {
        let mut line = Vec::new();
        documents
            .by_ref()
            .take(MAX_LINE_BYTES as u64 + 1)
            .read_until(b'\n', &mut line)
            .map_err(|source| HygieneError::Stream { doing: "read the documents", source })?;
        if line.is_empty() {
            break;
        }
        let long = line.len() > MAX_LINE_BYTES;
        check.take(number, Line::Bytes(line))?;
        if long {
            // The rest of the line is not the next one.
            break;
        }
    }
    check.finish()
}

/// A document as it was read.
enum Line {
    Bytes(Vec<u8>),
    Row(Map<String, Value>),
}

impl Line {
    fn bytes(&self) -> usize {
        match self {
            Self::Bytes(line) => line.len(),
            // Rows are read in batches anyway; the text is nearly all of one.
            Self::Row(row) => row.get("text").and_then(Value::as_str).map_or(1 << 12, str::len),
        }
    }
}

/// A check under way: the documents that wait, and what was found so far.
struct Check<'v, 's> {
    view: &'v RegistryView,
    template: &'v str,
    sinks: Sinks<'s>,
    waiting: Vec<(u64, Line)>,
    bytes: usize,
    summary: Summary,
}

/// What was found of one document, ready to be written.
struct Finding {
    json: Vec<u8>,
    /// The way in which it was found and the benchmarks, when it is contaminated.
    contaminated: Option<(&'static str, BTreeSet<String>)>,
}

impl<'v, 's> Check<'v, 's> {
    fn new(view: &'v RegistryView, template: &'v str, sinks: Sinks<'s>) -> Self {
        let summary = Summary::default();
        Self { view, template, sinks, waiting: Vec::new(), bytes: 0, summary }
    }

    fn take(&mut self, number: u64, line: Line) -> Result<(), HygieneError> {
        self.bytes += line.bytes();
        self.waiting.push((number, line));
        if self.waiting.len() >= BATCH.0 || self.bytes >= BATCH.1 {
            self.settle()?;
        }
        Ok(())
    }

    /// Checks what waits on all cores, and writes the results in order up to the first error.
    fn settle(&mut self) -> Result<(), HygieneError> {
        let found: Vec<Result<Option<Finding>, HygieneError>> = self
            .waiting
            .par_iter()
            .map(|(number, line)| check_one(self.view, self.template, *number, line))
            .collect();
        for ((_, line), found) in self.waiting.drain(..).zip(found) {
            let Some(Finding { json, contaminated }) = found? else { continue };
            self.sinks.report.write_all(&json).map_err(written)?;
            self.summary.documents += 1;
            if let Some((kind, benchmarks)) = contaminated {
                self.summary.contaminated += 1;
                *self.summary.by_kind.entry(kind).or_default() += 1;
                for benchmark in benchmarks {
                    *self.summary.by_benchmark.entry(benchmark).or_default() += 1;
                }
            } else if let (Some(clean), Line::Bytes(line)) = (&mut self.sinks.clean, line) {
                let line = line.strip_suffix(b"\n").unwrap_or(&line);
                clean.write_all(line).and_then(|()| clean.write_all(b"\n")).map_err(kept)?;
            }
        }
        self.bytes = 0;
        Ok(())
    }

    fn finish(mut self) -> Result<Summary, HygieneError> {
        self.settle()?;
        self.sinks.report.flush().map_err(written)?;
        if let Some(clean) = &mut self.sinks.clean {
            clean.flush().map_err(kept)?;
        }
        Ok(self.summary)
    }
}

fn check_one(
    view: &RegistryView,
    template: &str,
    number: u64,
    line: &Line,
) -> Result<Option<Finding>, HygieneError> {
    let at = |source| HygieneError::Document { line: number, source: Box::new(source) };
    let too_long = |bytes: usize, limit: usize| at(HygieneError::TextTooLong { bytes, limit });
    let row = match line {
        Line::Bytes(line) if line.len() > MAX_LINE_BYTES => {
            return Err(too_long(line.len(), MAX_LINE_BYTES));
        }
        Line::Bytes(line) => {
            let parsed = parse_line(line, number).map_err(|LineFault { column, message }| {
                HygieneError::Json { place: PLACE.to_owned(), line: number, column, message }
            })?;
            let Some(row) = parsed else { return Ok(None) };
            row
        }
        Line::Row(row) => row.clone(),
    };
    let document = Document::of(row, number)?;
    if document.text.len() > MAX_TEXT_BYTES {
        return Err(too_long(document.text.len(), MAX_TEXT_BYTES));
    }
    let own = match (template, document.template.as_str()) {
        (shared, "") => shared.to_owned(),
        ("", own) => own.to_owned(),
        (shared, own) => format!("{shared}\n{own}"),
    };
    let subject = Subject {
        text: &document.text,
        template: &own,
        answer: document.answer.as_deref(),
        ..Subject::default()
    };
    let found = view.check(subject).map_err(at)?;
    let contaminated = found.contaminated.then(|| {
        let condemning = || found.overlaps.iter().filter(|overlap| overlap.condemns);
        let kind = condemning().map(|overlap| overlap.kind).next().unwrap_or_default();
        (kind.as_str(), condemning().map(|overlap| overlap.benchmark.clone()).collect())
    });
    Ok(Some(Finding { json: report(&document.id, &found)?, contaminated }))
}

fn report(id: &Value, found: &Contamination) -> Result<Vec<u8>, HygieneError> {
    let nearest = found.overlaps.first();
    let entry = DocumentReport {
        id,
        contaminated: found.contaminated,
        benchmark: nearest.map(|overlap| overlap.benchmark.as_str()),
        item: nearest.map(|overlap| overlap.item.as_str()),
        kind: nearest.map(|overlap| overlap.kind),
        reason: nearest.map(|overlap| overlap.reason.as_str()),
        score: nearest.map_or(0.0, |overlap| overlap.score),
        spans: nearest.map_or(&[], |overlap| &overlap.spans),
        excerpt: nearest.map(|overlap| overlap.excerpt.as_str()),
        benchmark_excerpt: nearest.map(|overlap| overlap.benchmark_excerpt.as_str()),
        overlaps: &found.overlaps,
        index_version: &found.index_version,
        rules: &found.rules,
    };
    let mut json = serde_json::to_vec(&entry).map_err(|e| written(e.into()))?;
    json.push(b'\n');
    Ok(json)
}

fn written(source: std::io::Error) -> HygieneError {
    HygieneError::Stream { doing: "write the report", source }
}

fn kept(source: std::io::Error) -> HygieneError {
    HygieneError::Stream { doing: "write the clean documents", source }
}

/// What messages call what is read.
const PLACE: &str = "the documents";

fn wrong(place: &str, line: u64, message: &str) -> HygieneError {
    HygieneError::Json { place: place.to_owned(), line, column: 0, message: message.to_owned() }
}

/// What is read of a document.
struct Document {
    id: Value,
    text: String,
    template: String,
    answer: Option<String>,
}

impl Document {
    fn of(mut row: Map<String, Value>, number: u64) -> Result<Self, HygieneError> {
        let fault = |message: &str| wrong(PLACE, number, message);
        let id = row.remove("id").filter(|id| identifier(id).is_some());
        let id = id.ok_or_else(|| fault("`id` is missing or neither a string nor a number"))?;
        let text = match (row.remove("text"), row.remove("messages")) {
            (Some(Value::String(text)), None | Some(Value::Null)) => text,
            (None | Some(Value::Null), Some(messages)) => conversation(&messages)
                .ok_or_else(|| fault("`messages` is no list of objects with a string `content`"))?,
            (Some(_), Some(_)) => return Err(fault("has both `text` and `messages`")),
            _ => {
                return Err(fault(
                    "`text` is missing or not a string, and there are no `messages`",
                ));
            }
        };
        let template = match row.remove("template") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(template)) => template,
            Some(_) => return Err(fault("`template` is not a string")),
        };
        let answer = match row.remove("answer") {
            None | Some(Value::Null) => None,
            // Documents of other origin have whatever they like under this name.
            Some(answer) => identifier(&answer),
        };
        Ok(Self { id, text, template, answer })
    }
}

/// The contents of messages with a blank line between them.
fn conversation(messages: &Value) -> Option<String> {
    let contents = messages.as_array()?.iter().map(|message| message.get("content")?.as_str());
    Some(contents.collect::<Option<Vec<_>>>()?.join("\n\n"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::BenchmarkRegistry;

    const ITEM: &str =
        "Seven grey cranes crossed the frozen canal before the bells of noon rang out";

    fn run(documents: &str) -> (Result<Summary, HygieneError>, Vec<Value>) {
        let (summary, report, _) = run_with("", documents);
        (summary, report)
    }

    fn run_with(
        template: &str,
        documents: &str,
    ) -> (Result<Summary, HygieneError>, Vec<Value>, String) {
        let dir = tempfile::tempdir().unwrap();
        let registry = BenchmarkRegistry::open(dir.path().join("registry")).unwrap();
        let path = dir.path().join("b.jsonl");
        std::fs::write(&path, serde_json::json!({"id": "x", "question": ITEM}).to_string())
            .unwrap();
        registry.add("bench", &path, &Default::default()).unwrap();
        let (mut report, mut clean) = (Vec::new(), Vec::new());
        let sinks = Sinks { report: &mut report, clean: Some(&mut clean) };
        let view = registry.view().unwrap();
        let summary = check_documents(&view, template, documents.as_bytes(), sinks);
        let report = String::from_utf8(report).unwrap();
        let report = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (summary, report, String::from_utf8(clean).unwrap())
    }

    #[test]
    fn every_document_has_its_line_in_order() {
        let text = format!("Listen: {ITEM}.");
        let bad = serde_json::json!({"id": 7, "text": text, "more": []});
        let (summary, report) = run(&format!("{{\"id\":\"a\",\"text\":\"fine\"}}\n\n{bad}\r\n"));
        let summary = summary.unwrap();
        assert_eq!((summary.documents, summary.contaminated), (2, 1));
        assert_eq!(summary.by_kind, BTreeMap::from([("words", 1)]));
        assert_eq!(summary.by_benchmark, BTreeMap::from([("bench".to_owned(), 1)]));
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
    fn clean_documents_are_kept_as_they_came() {
        let leak = serde_json::json!({"id": 2, "messages": [{"content": "Hi"}, {"content": ITEM}]});
        let clean = "{ \"text\":\"fine\", \"id\" : 1.50, \"answer\":[] }";
        let (summary, report, kept) = run_with("", &format!("{clean}\r\n{leak}\n\n{clean}"));
        assert_eq!(summary.unwrap().contaminated, 1);
        assert_eq!(kept, format!("{clean}\r\n{clean}\n"));
        assert_eq!(report[1]["spans"], serde_json::json!([{"start": 4, "end": 4 + ITEM.len()}]));
    }

    #[test]
    fn many_documents_keep_their_order() {
        let line = |n: usize| match n % 7 {
            0 => serde_json::json!({"id": n, "text": format!("{ITEM}.")}).to_string(),
            _ => serde_json::json!({"id": n, "text": format!("Text {n}.")}).to_string(),
        };
        let documents: Vec<String> = (0..3 * BATCH.0 + 5).map(line).collect();
        let (summary, report, kept) = run_with("", &documents.join("\n"));
        let summary = summary.unwrap();
        assert_eq!(summary.documents as usize, documents.len());
        assert_eq!(kept.lines().count() as u64, summary.documents - summary.contaminated);
        for (n, entry) in report.iter().enumerate() {
            assert_eq!((&entry["id"], &entry["contaminated"]), (&n.into(), &(n % 7 == 0).into()));
        }
    }

    #[test]
    fn a_line_that_is_no_document_is_named() {
        for (line, needle) in [
            ("{\"id\":1}", "`text`"),
            ("{\"text\":\"a\"}", "`id`"),
            ("{\"id\":null,\"text\":\"a\"}", "`id`"),
            ("{\"id\":1,\"text\":2}", "`text`"),
            ("{\"id\":1,\"text\":\"a\",\"messages\":[]}", "both"),
            ("{\"id\":1,\"messages\":[{\"role\":\"user\"}]}", "`content`"),
            ("{\"id\":1,\"text\":\"a\",\"template\":1}", "`template`"),
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
