use crate::notation::{self, Stop, trimmed};
use crate::value::Value;

/// What the text of a statement says.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "readings are few and short-lived")]
pub enum Reading {
    /// A value; words are one too.
    Value(Value),
    /// Why it could not be read.
    Unread(Stop),
    /// It stands in something larger and is not the value that it seems to be: `-\boxed{5}`.
    Part,
    /// There is nothing.
    Empty,
}

/// Reads the text of a statement as a whole.
pub fn read(text: &str) -> Reading {
    if trimmed(text).is_empty() {
        return Reading::Empty;
    }
    match notation::read(text) {
        Ok(value) => Reading::Value(value),
        Err(stop) => Reading::Unread(stop),
    }
}
