//! Places in free text that name the letter of an option.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::dress::regex;

/// A letter where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// In upper case; maybe of no option.
    pub letter: char,
    /// `correct`, `option` or `bold`.
    pub rule: &'static str,
    /// From the words that name it to the letter, or to what is said of it.
    pub place: Range<usize>,
}

/// "B is correct", "so option (B) must be right".
pub(super) fn called_correct(body: &str) -> Vec<Mention> {
    static CORRECT: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?:^|[\n.,;:!]\s*|\b(?i:option|choice|answer|letter|so|thus|hence|therefore|that|then|only)\s+)",
            r"[*_]*[(\[]?([A-Z])[)\]]?[*_]*\s+(?:is|must be)\s+(?:the\s+)?(?:only\s+)?",
            r"(?:(?:correct|right)(?:\s+(?:answer|option|choice|one))?|best\s+(?:answer|option|choice))",
        ))
    });
    let ends = |after: &str| {
        let reason = after.trim_start_matches([',', ' ']);
        after.is_empty()
            || after.starts_with(['*', '_', '.', ';', '!', '\n'])
            || ["because ", "since ", "as "].iter().any(|word| reason.starts_with(word))
    };
    CORRECT
        .captures_iter(body)
        .filter_map(|groups| {
            let (letter, whole) = (groups.get(1)?, groups.get(0)?);
            ends(&body[whole.end()..]).then_some(Mention {
                letter: letter.as_str().chars().next()?,
                rule: "correct",
                place: letter.start()..whole.end(),
            })
        })
        .collect()
}

/// The letters after "option" or "choice", then those in bold.
pub(super) fn named(body: &str) -> Vec<Mention> {
    static OPTION: LazyLock<Regex> = LazyLock::new(|| {
        // A letter that is joined to another (`A or B`) is read with it.
        regex(concat!(
            r"(?:(?i)\b(?:option|choice)\b)[\s*_]*",
            r"(?:[(\[]\s*([A-Za-z])\s*[)\]]|([A-Z])(?:[^\w'’]|$)|([b-hj-z])(?:[^\w'’]|$))",
            r"(?:\s*(?:and|or|nor|/|,|&)?\s*[(\[]?([A-Z])(?:[)\].,:;*\s]|$))?"
        ))
    });
    static BOLD: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?:\*\*|__)\s*[(\[]?([A-Z])(?:[)\].][^*\n]{0,200}?)?\s*(?:\*\*|__)")
    });
    let mut found = Vec::new();
    for (rule, pattern) in [("option", &OPTION), ("bold", &BOLD)] {
        for groups in pattern.captures_iter(body) {
            let start = groups.get(0).map_or(0, |whole| whole.start());
            found.extend(groups.iter().skip(1).flatten().filter_map(|group| {
                let letter = group.as_str().chars().next()?.to_ascii_uppercase();
                Some(Mention { letter, rule, place: start..group.end() })
            }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_where_they_are_named() {
        let letters = |found: Vec<Mention>| found.iter().map(|m| m.letter).collect::<String>();
        for (text, correct, other) in [
            ("B is correct.", "B", ""),
            ("Therefore B is the right answer, because option C is too large", "B", "C"),
            ("So option (B) must be right", "B", "B"),
            ("A is correct. B is correct", "AB", ""),
            ("A is not correct", "", ""),
            ("A is correct, but so is B", "", ""),
            ("**A:** It is helium", "", ""),
            ("Either A or B is correct", "", ""),
            ("B is right next to C", "", ""),
            ("option b or C", "", "BC"),
            ("Options A to D", "", ""),
            ("option a is", "", ""),
            ("**B) 12 m** or **C**", "", "BC"),
        ] {
            assert_eq!(letters(called_correct(text)), correct, "{text}");
            assert_eq!(letters(named(text)), other, "{text}");
        }
    }
}
