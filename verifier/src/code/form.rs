use lehr_record::CallTests;
use serde::{Deserialize, Serialize};

/// The tests of a program, in one of three forms.
#[derive(Clone, Debug, PartialEq)]
pub enum Tests {
    /// Calls of one function, with what each returns:
    /// `{"function": "f", "cases": [{"args": [1], "expect": 2}]}`.
    Calls(CallTests),
    /// Runs of the whole program, with what each prints: `{"cases": [{"stdin": "1\n", "stdout": "2\n"}]}`.
    Streams(StreamTests),
    /// A file of assertions or pytest style tests: `{"file": "assert f(1) == 2"}`, or just its text.
    File(FileTests),
}

/// Runs of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamTests {
    /// The runs, each in a sandbox of its own.
    pub cases: Vec<StreamCase>,
}

/// One run of a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamCase {
    /// What it is given on standard input.
    pub stdin: String,
    /// What it prints on standard output.
    pub stdout: String,
}

/// A file of tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileTests {
    /// Its text.
    pub file: String,
}
