//! Documents in JSON lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::document::Row;
use super::{DataError, Document, Message};

/// Longest line, in bytes. A file of another kind has no line ends and would fill the memory.
const MAX_LINE: u64 = 256 << 20;

/// The columns that we read; a line may have more.
#[derive(Deserialize)]
struct Columns {
    text: Option<String>,
    messages: Option<Vec<Message>>,
    source: Option<Value>,
}

pub(super) fn for_each(
    path: &Path,
    take: &mut dyn FnMut(Row) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let file = File::open(path).map_err(DataError::io("read", path))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut reader)
            .take(MAX_LINE)
            .read_until(b'\n', &mut line)
            .map_err(DataError::io("read", path))?;
        if read == 0 {
            return Ok(());
        }
        if read as u64 == MAX_LINE && line.last() != Some(&b'\n') {
            let problem = format!("is longer than {MAX_LINE} bytes; is this a JSONL file?");
            return Err(DataError::row(path, number, problem));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Columns { text, messages, source } = serde_json::from_slice(&line)
            .map_err(|error| DataError::row(path, number, format!("not a document: {error}")))?;
        let document = Document::from_columns(text, messages).ok_or_else(|| {
            DataError::row(path, number, "has neither `text` nor `messages`; give it one of them")
        })?;
        // Other data may keep anything under this name.
        let dataset = source.and_then(|value| value.as_str().map(str::to_owned));
        take(Row { number, document, dataset })?;
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(text: &str) -> Result<Vec<Row>, DataError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut found = Vec::new();
        for_each(file.path(), &mut |row| {
            found.push(row);
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn text_or_messages_with_other_columns() {
        let found = read(
            "{\"text\":\"a\",\"source\":3,\"meta\":{\"x\":1}}\n\n{\"messages\":[{\"role\":\"user\",\"content\":\"q\",\"n\":1}],\"text\":null,\"source\":\"d\"}",
        );
        let message = Message { role: "user".into(), content: "q".into() };
        let row = |number, document, dataset: Option<&str>| Row {
            number,
            document,
            dataset: dataset.map(str::to_owned),
        };
        let expected = vec![
            row(1, Document::Text("a".into()), None),
            row(3, Document::Messages(vec![message]), Some("d")),
        ];
        assert_eq!(found.unwrap(), expected);
    }

    #[test]
    fn bad_rows_are_named() {
        for (text, part) in [
            ("{\"text\":\"a\"}\n{\"text\":", "row 2: not a document"),
            ("{\"text\":3}", "row 1: not a document"),
            ("{\"content\":\"a\"}", "neither `text` nor `messages`"),
            ("{\"messages\":[{\"role\":\"user\"}]}", "missing field `content`"),
            ("\u{1}\u{2}", "row 1"),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
    }
}
