//! What commands print: for people on a terminal, for programs with `--json`.

use std::io::{self, Write};

use anyhow::Result;
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
    /// [`OutputLost`].
    pub fn print<T: Serialize>(self, value: &T, plain: impl FnOnce(&T) -> String) -> Result<()> {
        match self {
            Self::Json => line(&serde_json::to_string(value)?),
            Self::Plain => line(&plain(value)),
        }
    }

    /// Tells people how far the work is; with `--json` beside the result, on standard error. When
    /// nobody listens any more the work goes on.
    pub fn tell(self, text: &str) {
        match self {
            Self::Plain => drop(line(text)),
            Self::Json => eprintln!("{text}"),
        }
    }
}

/// Prints a line on standard output.
///
/// # Errors
/// [`OutputLost`].
pub fn line(text: &str) -> Result<()> {
    writeln!(io::stdout().lock(), "{text}").map_err(|error| OutputLost(error).into())
}

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to standard output: {0}")]
pub struct OutputLost(#[source] io::Error);

impl OutputLost {
    /// Whether that is all that an error says: the reader closed the pipe and has what it wanted,
    /// as in `lehr request samples ID | head -1`. A pipe that broke elsewhere is a failure.
    pub fn was_wanted(error: &anyhow::Error) -> bool {
        error.downcast_ref::<Self>().is_some_and(|lost| lost.0.kind() == io::ErrorKind::BrokenPipe)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn only_a_closed_standard_output_is_a_success() {
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        let elsewhere = Err::<(), _>(broken()).context("the service hung up");
        for (error, wanted) in [
            (OutputLost(broken()).into(), true),
            (OutputLost(io::Error::other("no space left")).into(), false),
            (broken().into(), false),
            (anyhow::anyhow!("something else"), false),
        ] {
            assert_eq!(OutputLost::was_wanted(&error), wanted, "{error:#}");
        }
        assert!(elsewhere.is_err_and(|error| !OutputLost::was_wanted(&error)));
    }
}
