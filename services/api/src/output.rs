//! What commands print: for people on a terminal, for programs with `--json`.

use std::io::{self, Write};

use serde::Serialize;

/// How a command prints its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Lines for people.
    Plain,
    /// JSON for programs.
    Json,
}

impl Style {
    /// Prints a result: as JSON on one line, or as the plain text that `plain` makes of it.
    ///
    /// # Errors
    /// When standard output is gone.
    pub fn print<T: Serialize>(
        self,
        value: &T,
        plain: impl FnOnce(&T) -> String,
    ) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self {
            Self::Json => writeln!(out, "{}", serde_json::to_string(value)?),
            Self::Plain => writeln!(out, "{}", plain(value)),
        }
    }
}
