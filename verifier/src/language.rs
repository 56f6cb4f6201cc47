use serde::{Deserialize, Serialize};

/// A language whose programs can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Python 3, by the interpreter found on this machine.
    Python,
}

impl Language {
    /// The name used in JSON and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Python => "python",
        }
    }

    /// The words that open a fenced block of this language.
    pub(crate) fn fences(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["python", "python3", "py", "py3"],
        }
    }
}
