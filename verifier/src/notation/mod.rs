//! Reads LaTeX and plain text into values, by a grammar: a lexer, then recursive descent.
//!
//! ```text
//! answer     = statement (separator statement)*            separators: , ; and or
//! statement  = side (relation side)* | name : parts | element in set
//! set        = part (union | intersection | without part)*
//! item       = tuple | set | interval | matrix | quantity | words
//! quantity   = expression [percent | unit]
//! expression = sums, products, powers, functions: see `expression`
//! ```
//!
//! A reader that is unsure does not read: what can be meant in two ways (`1/2\pi`) is
//! [`Stop::Ambiguous`], what is no mathematics becomes words.

mod based;
mod beside;
mod collection;
mod date;
#[cfg(test)]
mod doubtful;
mod expression;
mod formula;
mod function;
mod grouping;
mod head;
mod latex;
#[cfg(test)]
mod laws;
mod lexer;
mod matrix;
mod number_word;
mod numeral;
mod plain;
mod quantity;
mod siunitx;
mod source;
mod statement;
mod symbol;
#[cfg(test)]
mod tests;
mod token;
mod word;

pub use formula::{formula, is_compound};
pub use head::head;
pub use plain::{fold, has_inner_capital, squash};

use crate::answer::word::{is_denial, is_numeral, is_operation, is_plain};
use crate::budget::OverBudget;
use crate::value::Value;
use source::Source;

/// The longest text that is read as an answer, in bytes.
pub const MAX_ANSWER: usize = 1 << 17;

/// Why a text was not read as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It does not follow the grammar.
    NotMathematics,
    /// It can be meant in two ways; says which.
    Ambiguous(&'static str),
    /// It is understood and cannot be judged; says what it is.
    Unsupported(&'static str),
    /// It is longer or larger than the stated bounds.
    OverBudget(OverBudget),
}

/// Reads an answer.
///
/// # Errors
/// Why it was not read; words are a value too.
pub fn read(text: &str) -> Result<Value, Stop> {
    if text.len() > MAX_ANSWER {
        return Err(Stop::OverBudget(OverBudget::new(
            "answer",
            format!("the answer has {} bytes; at most {MAX_ANSWER} are read", text.len()),
        )));
    }
    let text = trimmed(text);
    if text.is_empty() {
        return Err(Stop::NotMathematics);
    }
    if let Some(value) = date::read(text) {
        return Ok(value);
    }
    let words = || word::read(text).ok_or(Stop::NotMathematics);
    let tokens = match lexer::tokens(text) {
        Ok(tokens) => tokens,
        Err(lexer::Refused::Unknown) => return words(),
        Err(lexer::Refused::OverBudget(over)) => return Err(Stop::OverBudget(over)),
    };
    let read = Source::new(text, tokens).and_then(|source| source.answer());
    match read {
        Err(Stop::NotMathematics) => in_text(text).or_else(|_| words()),
        read => read,
    }
}

/// Mathematics inside of `\text{…}`: `\text{2 hours 30 minutes}`.
fn in_text(text: &str) -> Result<Value, Stop> {
    if !(text.contains("\\text") || text.contains("\\mathrm"))
        || !text.contains(|c: char| c.is_ascii_digit())
    {
        return Err(Stop::NotMathematics);
    }
    let words = plain::undressed(text);
    let tokens = lexer::tokens(words.trim()).map_err(|_| Stop::NotMathematics)?;
    Source::new(words.trim(), tokens)?.answer()
}

/// Without spaces, closing punctuation, enclosing emphasis and delimiters.
pub fn trimmed(text: &str) -> &str {
    /// How many dresses are taken off.
    const MAX_DRESSES: usize = 32;
    let mut text = text;
    for _ in 0..MAX_DRESSES {
        let before = text;
        text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        text = text.trim_end_matches([',', ';', '。', '，', '；']).trim_start_matches([':', '：']);
        // Two points are an ellipsis: `0.33..` is not 0.33.
        if let Some(shorter) = text.strip_suffix('.')
            && (!shorter.ends_with('.') || shorter.ends_with("..."))
            && !shorter.ends_with("\\right")
            && !is_abbreviation(shorter)
        {
            text = shorter;
        }
        for (open, close) in [
            ("**", "**"),
            ("__", "__"),
            ("`", "`"),
            ("*", "*"),
            ("$$", "$$"),
            ("$", "$"),
            ("\\(", "\\)"),
            ("\\[", "\\]"),
            ("\"", "\""),
            ("“", "”"),
        ] {
            if let Some(inner) = text.strip_prefix(open).and_then(|t| t.strip_suffix(close))
                && !inner.contains(open)
            {
                text = inner;
            }
        }
        // The end of an emphasis that began before the answer.
        if let Some(inner) = text.strip_suffix("**")
            && !inner.contains("**")
        {
            text = inner;
        }
        if let Some(inner) = ["\\boxed{", "\\fbox{"].iter().find_map(|open| text.strip_prefix(open))
            && let Some(inner) = inner.strip_suffix('}')
            && closes_at_end(inner)
        {
            text = inner;
        }
        if text == before {
            break;
        }
    }
    text
}

/// `a.m` of `a.m.`
fn is_abbreviation(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 2
        && bytes[bytes.len() - 2] == b'.'
        && bytes[bytes.len() - 1].is_ascii_alphabetic()
}

/// Whether the braces of a text are balanced without its end.
fn closes_at_end(inner: &str) -> bool {
    let (mut depth, mut escaped) = (0i32, false);
    for byte in inner.bytes() {
        match byte {
            b'{' if !escaped => depth += 1,
            b'}' if !escaped => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
        escaped = byte == b'\\' && !escaped;
    }
    depth == 0
}

/// Whether letters are a word of prose rather than a product of variables.
fn is_word(word: &str) -> bool {
    let lower = word.to_lowercase();
    is_plain(word)
        || matches!(lower.as_str(), "yes" | "no" | "none" | "odd" | "nor")
        || (word.len() > 2 && (is_numeral(word) || is_operation(word) || is_denial(word)))
}
