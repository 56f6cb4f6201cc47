//! Documents in JSON lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Deserialize;

use super::{DataError, Document, Message};

/// Longest line, in bytes. A file of another kind has no line ends and would fill the memory.
const MAX_LINE: u64 = 256 << 20;

/// The columns that we read; a line may have more.
#[derive(Deserialize)]
struct Row {
    text: Option<String>,
    messages: Option<Vec<Message>>,
}

pub(super) fn for_each(
    path: &Path,
    take: &mut dyn FnMut(u64, Document) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let file = File::open(path).map_err(DataError::io("read", path))?;
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    for row in 1.. {
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
            return Err(DataError::row(path, row, problem));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let Row { text, messages } = serde_json::from_slice(&line)
            .map_err(|error| DataError::row(path, row, format!("not a document: {error}")))?;
        let document = Document::from_columns(text, messages).ok_or_else(|| {
            DataError::row(path, row, "has neither `text` nor `messages`; give it one of them")
        })?;
        take(row, document)?;
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(text: &str) -> Result<Vec<(u64, Document)>, DataError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut found = Vec::new();
        for_each(file.path(), &mut |row, document| {
            found.push((row, document));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn text_or_messages_with_other_columns() {
        let found = read(
            "{\"text\":\"a\",\"meta\":{\"x\":1}}\n\n{\"messages\":[{\"role\":\"user\",\"content\":\"q\",\"n\":1}],\"text\":null}",
        );
        let message = Message { role: "user".into(), content: "q".into() };
        let expected =
            vec![(1, Document::Text("a".into())), (3, Document::Messages(vec![message]))];
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
