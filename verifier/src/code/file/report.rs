use serde::{Deserialize, Serialize};

/// A failure, as the process of the tests tells of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Failure {
    /// The test; `None` for a statement of the file.
    pub test: Option<String>,
    /// What kind of failure.
    pub code: String,
    /// The line of the tests; 0 where there is none.
    pub line: u32,
    /// That line.
    pub source: String,
    /// The exception, or what the assertion says.
    pub error: String,
    /// The two sides of a comparison, as Python writes them.
    pub left: Option<String>,
    /// What compared them.
    pub operator: Option<String>,
    /// The right side.
    pub right: Option<String>,
    /// Whether the exception came from the solution.
    #[serde(skip_serializing)]
    pub remote: bool,
}

/// How the tests ended.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Done {
    /// What stopped them, by code and in words.
    pub stop: Option<(String, String)>,
    /// Tests, and statements with assertions.
    pub cases: u64,
    /// Those of them that passed.
    pub passed: u64,
    /// Assertions that were executed.
    pub asserts: u64,
    /// Failures, those that are not shown included.
    pub failed: u64,
    /// How often the tests asked the solution for something.
    pub uses: u64,
    /// Whether the tests wrote files.
    pub files: bool,
    /// Builtins that the tests use and the solution defines too.
    pub shadowed: Vec<String>,
}

/// What came over the channel.
#[derive(Clone, Debug, Default)]
pub(super) struct Report {
    pub failures: Vec<Failure>,
    pub done: Option<Done>,
    /// Bytes that our program did not write: the tests themselves wrote to the channel.
    pub garbled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Failure(Failure),
    Done(Done),
}

impl Report {
    /// Reads the lines, each `NONCE {json}`.
    pub fn read(bytes: &[u8], nonce: &str) -> Self {
        let mut report = Self::default();
        let mut lines: Vec<&[u8]> = bytes.split(|&b| b == b'\n').collect();
        // What follows the last line break was cut off with the program.
        lines.pop();
        for line in lines {
            let text = line.strip_prefix(nonce.as_bytes()).and_then(|l| l.strip_prefix(b" "));
            match text.map(serde_json::from_slice::<Line>) {
                Some(Ok(Line::Failure(failure))) if report.done.is_none() => {
                    report.failures.push(failure);
                }
                Some(Ok(Line::Done(done))) if report.done.is_none() => report.done = Some(done),
                _ => report.garbled = true,
            }
        }
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: &str = r#"{"done": {"stop": null, "cases": 1, "passed": 1, "asserts": 1,
        "failed": 0, "uses": 1, "files": false, "shadowed": []}}"#;

    #[test]
    fn only_lines_with_the_word_count() {
        let done = DONE.replace('\n', "");
        for (text, is_done, garbled) in [
            (format!("abc {done}\n"), true, false),
            (format!("abc {done}"), false, false),
            (format!("abd {done}\n"), false, true),
            (format!("{done}\n"), false, true),
            (format!("abc {done}\nabc {done}\n"), true, true),
            ("abc {}\n".to_owned(), false, true),
            ("\n".to_owned(), false, true),
            (String::new(), false, false),
        ] {
            let report = Report::read(text.as_bytes(), "abc");
            assert_eq!((report.done.is_some(), report.garbled), (is_done, garbled), "{text}");
        }
    }
}
