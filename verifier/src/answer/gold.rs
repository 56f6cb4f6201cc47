//! What a known answer says: as it would be written on paper, in `$…$` or a box, or as a worked
//! solution.

use super::extract::extract_final;
use super::readable::{Readable, readable};
use super::{Reading, read};
use crate::notation::trimmed;

/// Reads a known answer: as a whole, or else where the solution states its answer. The text is
/// that of the answer alone.
pub(super) fn read_known(gold: &str) -> (String, Reading) {
    let whole = read(gold);
    let unread = matches!(readable(&whole), Readable::Unread | Readable::TooMuch);
    if unread
        && is_solution(gold)
        && let Ok(found) = extract_final(gold)
    {
        return (trimmed(&found.answer.text).to_owned(), found.answer.reading);
    }
    (trimmed(gold).to_owned(), whole)
}

/// Whether a text has more than its answer: a box, a mark, a sentence.
fn is_solution(gold: &str) -> bool {
    const SIGNS: [&str; 5] = ["\\boxed", "\\fbox", "####", "\n", "答案"];
    let announced = || {
        let lower = gold.to_lowercase();
        lower.contains("answer") || lower.contains(". ")
    };
    SIGNS.iter().any(|sign| gold.contains(sign))
        || gold.contains('$') && gold.ends_with('.')
        || announced()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_are_read_in_any_dress() {
        for gold in [
            "5",
            "$5$",
            "\\(5\\)",
            "\\[5\\]",
            "\\boxed{5}",
            "$\\boxed{5}$",
            "**5**",
            "We add.\n#### 5",
            "We add 2 and 3, so it is \\boxed{5}.",
            "We add 2 and 3. The answer is 5.",
            "We add.\nSo $x = 5$.",
            "答案是5。",
        ] {
            let (_, reading) = read_known(gold);
            assert_eq!(readable(&reading), Readable::Value, "{gold}: {reading:?}");
        }
        for gold in ["yes", "the answer is unknown", "\\boxed{5"] {
            assert_eq!(readable(&read_known(gold).1), Readable::Unread, "{gold}");
        }
    }
}
