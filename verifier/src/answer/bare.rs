//! A reply that is nothing but its answer: `\frac{1}{2}`, `x = 3`, `(1, 2)`, `seven`, `5 cm`.

use super::extract::{Found, Rule};
use super::last_number::is_list_item;
use super::readable::{Readable, readable};
use super::statement::Statement;
use super::word::{is_denial, is_numeral, is_operation, is_plain, words};
use super::{Reading, read};
use crate::notation::trimmed;
use crate::value::Value;

/// The longest reply that is an answer as a whole, in bytes.
const MAX_BARE: usize = 200;
/// How many words may stand beside a value: `3 slices of pizza`.
const MAX_WORDS: usize = 4;

/// Words that are mathematics.
const FUNCTIONS: [&str; 12] =
    ["sin", "cos", "tan", "cot", "sec", "csc", "log", "ln", "lg", "exp", "sqrt", "pi"];

/// The whole reply as an answer.
pub(super) fn bare(body: &str) -> Option<Statement> {
    // What is emphasised as a whole is alone too.
    let text = trimmed(body).trim_end_matches([' ', '✓', '✔', '✅', '∎', '\u{FE0F}']);
    let refused = text.len() > MAX_BARE
        || text.contains(['\n', '?', '？', '#'])
        || is_list_item(text, "")
        || text.starts_with(['>', '~'])
        || text.ends_with(" and up")
        || text.ends_with(" and counting")
        || text.starts_with("--")
        || (text.starts_with('\\') && text[1..].starts_with(|c: char| c.is_ascii_digit()))
        // A calculation in steps: `8*6=48, 48/2=24`.
        || (text.matches('=').count() > 1
            && text.contains(", ")
            && !text.contains(char::is_alphabetic));
    if refused || text.is_empty() {
        return None;
    }
    let said: Vec<&str> = spelled(text).collect();
    let bare_text = text.trim_end_matches(['.', '!', '。']);
    let alone = said == [bare_text];
    let doubted = said.len() > MAX_WORDS || said.iter().any(|word| is_denial(word));
    let prose =
        text.starts_with(char::is_alphabetic) && words(text).next().is_some_and(begins_prose);
    let reading = read(text);
    // `one hundred and five`, `negative infinity`
    let spelled_out = !text.contains(|c: char| c.is_ascii_digit() || "$\\=".contains(c))
        && said.len() > 1
        && matches!(reading, Reading::Value(Value::Quantity(_) | Value::Named(_)));
    if !(alone && is_answer_word(bare_text)) && (doubted || prose || alone) && !spelled_out {
        return None;
    }
    let settled = match readable(&reading) {
        Readable::Value | Readable::TooMuch => true,
        Readable::Unread => alone || is_mathematical(text, &said),
        Readable::Empty => false,
    };
    let at = body.find(text).unwrap_or(0);
    let found = Found { text: text.to_owned(), rule: Rule::Bare, at, reading };
    settled.then_some(Statement { found, end: at + text.len(), denied: false })
}

/// The words of a text that are no commands of LaTeX and no single letters.
fn spelled(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphabetic)?;
        let command = rest.get(..start).is_some_and(|before| before.ends_with('\\'));
        let word = rest.get(start..)?;
        let end = word.find(|c: char| !(c.is_alphabetic() || "'’-".contains(c)));
        let (word, after) = word.split_at(end.unwrap_or(word.len()));
        rest = after;
        Some(if command { "" } else { word })
    })
    .filter(|word| word.chars().nth(1).is_some())
}

/// Whether a word may be an answer by itself: `seven`, `yes`, `isosceles`.
fn is_answer_word(word: &str) -> bool {
    let decided = ["yes", "no", "true", "false"].iter().any(|w| w.eq_ignore_ascii_case(word));
    decided || is_numeral(word) || is_plain(word)
}

/// Whether a first word begins a sentence, and not `5 cm`, `xy = 6` or `ln 2`.
fn begins_prose(first: &str) -> bool {
    let word = first.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let operation = is_operation(word) && !FUNCTIONS.contains(&word);
    word.chars().nth(1).is_some() && (is_plain(word) || operation || is_denial(word))
}

/// Whether letters may be variables side by side: `xy`.
fn is_product(word: &str) -> bool {
    word.len() <= 3
        && !(is_plain(word) || is_operation(word) || is_numeral(word) || is_denial(word))
}

/// Whether a text that is not read has no words but those that join values.
fn is_mathematical(text: &str, said: &[&str]) -> bool {
    said.iter().all(|word| {
        ["and", "or"].iter().any(|w| w.eq_ignore_ascii_case(word))
            || FUNCTIONS.contains(word)
            || is_product(word)
    }) && text.contains(|c: char| c.is_ascii_alphanumeric() || c == '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_value_alone_is_bare() {
        for text in [
            "5",
            " 5. ",
            "-7",
            "$5$",
            "5 cm",
            "5 apples",
            "x = 3",
            "(1, 2)",
            "seven",
            "yes",
            "No.",
            "isosceles",
            "ln(2)",
            "xy = 6",
            "twenty-one.",
            "\\frac{1}{2}",
            "$\\sqrt{2}$",
            "x = 2 or x = 3",
            "3 1/2 cups",
            "10-3",
            "B",
            "x > 5",
            "\\[x^2\\]",
        ] {
            assert!(bare(text).is_some(), "{text}");
        }
        for text in [
            "",
            " ",
            "- 7",
            "2. Compare",
            "Maybe 7",
            "not 5",
            "5?",
            "I do not know.",
            "no idea",
            "It is 5x",
            "Divide by 10",
            "It is 5 or so",
            "5\n6",
            "# 5",
            "> 5",
            "sorry",
            "Therefore $x = 5$.",
            "So x = 5",
            "about 5 of x",
            "half of 5",
            "See step 2",
            "As in (5)",
            "5 or so",
        ] {
            assert!(bare(text).is_none(), "{text}");
        }
    }
}
