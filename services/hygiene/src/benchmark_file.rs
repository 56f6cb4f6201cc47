//! Benchmark files: one JSON object a line, in whatever fields their publishers chose.
//!
//! A file is read completely or not at all. A line that gives no text to look for is an error, not a
//! line to pass over: an item that was silently left out would be an item that leaks.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use lehr_record::{Digest, Hasher};
use serde_json::{Map, Value};

use crate::HygieneError;
use crate::criteria::ANSWER_WORDS;
use crate::shingle::Words;

/// The fields that a question is read from. All that are present count, each as a text of its own.
pub const QUESTION_FIELDS: [&str; 5] = ["question", "problem", "prompt", "text", "input"];
/// The fields that an answer is read from, in the same way.
pub const ANSWER_FIELDS: [&str; 4] = ["answer", "solution", "canonical_solution", "output"];
/// The fields that the options of a multiple-choice question are read from.
pub const CHOICE_FIELDS: [&str; 2] = ["choices", "options"];
/// The fields that an item's identifier is read from; the first that is present counts, else the
/// number of the line.
pub const ID_FIELDS: [&str; 2] = ["id", "task_id"];

/// The most bytes of a benchmark's file. It is held in memory while it is added.
pub const MAX_FILE_BYTES: u64 = 1 << 30;

/// What part of an item a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The question by itself.
    Question,
    /// The question and its options, which give a question like "Which is correct?" its identity.
    Options,
    /// An answer of [`ANSWER_WORDS`] words or more.
    Answer,
}

impl Part {
    /// The name in the index.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Options => "options",
            Self::Answer => "answer",
        }
    }

    /// The part of a name in the index.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Question, Self::Options, Self::Answer].into_iter().find(|p| p.as_str() == name)
    }
}

/// One text of one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ItemText {
    /// The item's identifier.
    pub item: String,
    /// What part of the item it is.
    pub part: Part,
    /// The text; it has at least one word.
    pub text: String,
}

/// A benchmark as its file gives it.
#[derive(Clone, Debug)]
pub struct BenchmarkFile {
    /// The number of items.
    pub items: u64,
    /// Their texts, in the order of the file.
    pub texts: Vec<ItemText>,
    /// The digest of the file's bytes.
    pub sha256: Digest,
}

impl BenchmarkFile {
    /// Reads a file.
    ///
    /// # Errors
    /// When the file cannot be read, is too large or has no items; when a line is not a JSON object
    /// or gives neither a question nor an answer long enough to look for. Lines and columns count
    /// from 1.
    pub fn read(path: &Path) -> Result<Self, HygieneError> {
        let failed = |source| HygieneError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let mut reader = BufReader::new(file.take(MAX_FILE_BYTES + 1));
        let (mut hasher, mut size) = (Hasher::default(), 0);
        let (mut texts, mut items) = (Vec::new(), 0);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            size += reader.read_until(b'\n', &mut line).map_err(failed)? as u64;
            if line.is_empty() {
                break;
            }
            if size > MAX_FILE_BYTES {
                let path = path.to_owned();
                return Err(HygieneError::FileTooLarge { path, limit: MAX_FILE_BYTES });
            }
            hasher.update(&line);
            let place = || path.display().to_string();
            if let Some(object) = parse_line(&line, number, place)? {
                item_texts(&object, number, path, &mut texts)?;
                items += 1;
            }
        }
        if items == 0 {
            return Err(HygieneError::NoItems { path: path.to_owned() });
        }
        Ok(Self { items, texts, sha256: hasher.finish() })
    }
}

/// Reads a line of JSONL as an object; `None` when it is blank. A byte order mark is passed over.
pub fn parse_line(
    line: &[u8],
    number: u64,
    place: impl Fn() -> String,
) -> Result<Option<Map<String, Value>>, HygieneError> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(line);
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let error =
        |column, message| HygieneError::Json { place: place(), line: number, column, message };
    match serde_json::from_slice(line) {
        Ok(Value::Object(object)) => Ok(Some(object)),
        Ok(_) => Err(error(1, "the line is JSON, but not an object".to_owned())),
        Err(e) => {
            // The parser counts its own lines; only the column is of use here.
            let message = e.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
            Err(error(e.column(), message))
        }
    }
}

/// An identifier as people write one: a string or a number.
pub fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn item_texts(
    object: &Map<String, Value>,
    line: u64,
    path: &Path,
    texts: &mut Vec<ItemText>,
) -> Result<(), HygieneError> {
    let item = ID_FIELDS
        .iter()
        .find_map(|field| object.get(*field).and_then(identifier))
        .unwrap_or_else(|| line.to_string());
    let before = texts.len();
    let mut push = |part, text: String| {
        // A short answer recurs by itself and condemns nothing; in the index it would only crowd out
        // questions among the candidates of a text.
        let least = if part == Part::Answer { ANSWER_WORDS } else { 1 };
        if Words::new(&text).take(least).count() == least {
            texts.push(ItemText { item: item.clone(), part, text });
        }
    };
    let options = gather(object, &CHOICE_FIELDS).join("\n");
    for question in gather(object, &QUESTION_FIELDS) {
        if !options.is_empty() {
            push(Part::Options, format!("{question}\n{options}"));
        }
        push(Part::Question, question);
    }
    for answer in gather(object, &ANSWER_FIELDS) {
        push(Part::Answer, answer);
    }
    if texts.len() == before {
        return Err(HygieneError::NoText {
            path: path.to_owned(),
            line,
            found: object.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
            known_questions: QUESTION_FIELDS.join(", "),
            answer_words: ANSWER_WORDS,
            known_answers: ANSWER_FIELDS.join(", "),
        });
    }
    Ok(())
}

/// The text of each of the fields that is present and not empty.
fn gather(object: &Map<String, Value>, fields: &[&str]) -> Vec<String> {
    fields
        .iter()
        .filter_map(|field| object.get(*field))
        .map(|value| {
            let mut parts = Vec::new();
            flatten(value, &mut parts);
            parts.join("\n")
        })
        .filter(|text| !text.trim().is_empty())
        .collect()
}

/// Text may be wrapped: options as `["..."]`, `[{"text": ...}]` or `{"text": [...]}`, prompts as
/// messages with `content`, questions as `{"stem": ...}`.
fn flatten(value: &Value, parts: &mut Vec<String>) {
    match value {
        Value::String(text) => parts.push(text.clone()),
        Value::Number(number) => parts.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| flatten(value, parts)),
        Value::Object(object) => ["stem", "text", "content"]
            .iter()
            .filter_map(|field| object.get(*field))
            .for_each(|value| flatten(value, parts)),
        Value::Null | Value::Bool(_) => {}
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(content: &str) -> Result<BenchmarkFile, HygieneError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("b.jsonl");
        std::fs::write(&path, content).unwrap();
        BenchmarkFile::read(&path)
    }

    #[test]
    fn fields_of_many_publishers_are_known() {
        for (line, expected) in [
            (r#"{"question":"Q","answer":"LONG"}"#, "1/question=Q 1/answer=LONG"),
            (
                r#"{"task_id":"HE/0","prompt":"P","canonical_solution":"LONG"}"#,
                "HE/0/question=P HE/0/answer=LONG",
            ),
            (
                r#"{"id":7,"problem":"P","solution":"LONG","answer":"4"}"#,
                "7/question=P 7/answer=LONG",
            ),
            (r#"{"solution":"LONG","answer":"4"}"#, "1/answer=LONG"),
            (r#"{"question":"Q","choices":["a","b"],"answer":1}"#, "1/options=Q|a|b 1/question=Q"),
            (
                r#"{"question":"Q","choices":{"text":["a","b"],"label":["A","B"]}}"#,
                "1/options=Q|a|b 1/question=Q",
            ),
            (r#"{"question":{"stem":"Q"},"options":[{"text":"a"}]}"#, "1/options=Q|a 1/question=Q"),
            (r#"{"prompt":[{"role":"user","content":"P"}]}"#, "1/question=P"),
            (r#"{"input":"I","output":"O","answer":null,"text":""}"#, "1/question=I"),
        ] {
            let long = ["word"; ANSWER_WORDS].join(" ");
            let file = read(&line.replace("LONG", &long)).unwrap();
            let shown: Vec<_> = file
                .texts
                .iter()
                .map(|t| format!("{}/{}={}", t.item, t.part.as_str(), t.text.replace('\n', "|")))
                .collect();
            let shown = shown.join(" ").replace(&long, "LONG");
            assert_eq!(shown, expected, "{line}");
            assert_eq!(file.items, 1);
        }
    }

    #[test]
    fn blank_lines_and_line_ends_do_not_matter() {
        let file = read("\u{feff}{\"text\":\"a\"}\r\n\n  \n{\"text\":\"b\"}").unwrap();
        let ids: Vec<_> = file.texts.iter().map(|t| t.item.as_str()).collect();
        assert_eq!(ids, ["1", "4"]);
    }

    #[test]
    fn errors_name_the_place_and_the_remedy() {
        for (content, needles) in [
            ("", vec!["no items"]),
            ("\n\n", vec!["no items"]),
            (
                "{\"text\":\"a\"}\n{\"text\": oops}",
                vec!["b.jsonl", "line 2", "column 10", "JSON object"],
            ),
            ("[1]", vec!["line 1", "not an object"]),
            (
                "{\"q\":\"a\",\"r\":1}",
                vec!["line 1", "(q, r)", "question, problem", "canonical_solution"],
            ),
            ("{\"text\":\"?!\"}", vec!["line 1", "(text)"]),
            ("{\"answer\":\"4\"}", vec!["line 1", "(answer)", "40 words"]),
            ("{\"text\":\"\\ud800\"}", vec!["line 1", "column"]),
        ] {
            let error = read(content).unwrap_err().to_string();
            for needle in needles {
                assert!(error.contains(needle), "{content:?}: {error}");
            }
        }
    }
}
