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

/// "B is correct", "so option (B) must be right": as many as `most`, and one more.
pub(super) fn called_correct(body: &str, most: usize) -> Vec<Mention> {
    static CORRECT: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?:^|[\n.,;:!]\s*|(?-u:\b)(?i:option|choice|answer|letter|so|thus|hence|therefore|that|then|only)\s+)",
            r"[*_]*[(\[]?([A-Z])[)\]]?[*_]*\s+(?:is|must be)\s+(?:the\s+)?(?:only\s+)?",
            r"(?:(?:correct|right)(?:\s+(?:answer|option|choice|one))?|best\s+(?:answer|option|choice)|answer)",
        ))
    });
    if !["correct", "right", "best", "answer"].iter().any(|word| body.contains(word)) {
        return Vec::new();
    }
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
        .take(most + 1)
        .collect()
}

/// The letters after "option" or "choice", then those in bold: as many as `most`, and one more.
pub(super) fn named(body: &str, most: usize) -> Vec<Mention> {
    static OPTION: LazyLock<Regex> = LazyLock::new(|| {
        // A letter that is joined to another (`A or B`) is read with it.
        regex(concat!(
            r"(?:(?i)(?-u:\b)(?:option|choice)(?-u:\b)|选项)[\s*_]*",
            r"(?:[(\[（]\s*([A-Za-z])\s*[)\]）]|([A-Z])(?:[^A-Za-z0-9_'’]|$)|([b-hj-z])(?:[^\w'’]|$))",
            r"(?:\s*(?:and|or|nor|/|,|&|和|或|、)?\s*[(\[]?([A-Z])(?:[)\].,:;*\s]|$))?"
        ))
    });
    let mut found = Vec::new();
    if ["ption", "PTION", "hoice", "HOICE", "选项"].iter().any(|word| body.contains(word)) {
        for groups in OPTION.captures_iter(body).take(most + 1) {
            let start = groups.get(0).map_or(0, |whole| whole.start());
            found.extend(groups.iter().skip(1).flatten().filter_map(|group| {
                let letter = group.as_str().chars().next()?.to_ascii_uppercase();
                Some(Mention { letter, rule: "option", place: start..group.end() })
            }));
        }
    }
    let room = (most + 1).saturating_sub(found.len());
    found.extend(bold(body).take(room));
    found
}

/// The letters in bold, alone or before a text: `**B**`, `**(B)**`, `**B) 12 m**`.
fn bold(body: &str) -> impl Iterator<Item = Mention> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = body.get(from..)?;
            let start = from + emphasis(rest)?;
            let inner = body.get(start + 2..)?;
            let said = inner.trim_start().trim_start_matches(['(', '[', '（']);
            let at = start + 2 + (inner.len() - said.len());
            match bold_letter(said) {
                Some((letter, length)) => {
                    from = at + length;
                    return Some(Mention { letter, rule: "bold", place: start..at + 1 });
                }
                None => from = start + 2,
            }
        }
    })
}

/// Where the first `**` or `__` stands.
fn emphasis(text: &str) -> Option<usize> {
    let double = |pair: &[u8]| pair == b"**" || pair == b"__";
    text.as_bytes().windows(2).position(double)
}

/// The letter at the head of a bold text, and how long the text is with its closing mark.
fn bold_letter(said: &str) -> Option<(char, usize)> {
    const LONGEST: usize = 200;
    let letter = said.chars().next().filter(char::is_ascii_uppercase)?;
    let after = said.get(1..)?;
    let text = after.strip_prefix([')', ']', '.', '）']);
    let near = text.unwrap_or(after);
    let near = near.get(..near.floor_char_boundary(LONGEST + 2))?;
    let end = emphasis(near)?;
    let inside = near.get(..end)?;
    let closed =
        if text.is_some() { !inside.contains(['*', '\n']) } else { inside.trim().is_empty() };
    closed.then(|| (letter, said.len() - text.unwrap_or(after).len() + end + 2))
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
            ("**(B)** __C__ **D.**", "", "BCD"),
            ("** B ** **Bold**", "", "B"),
            ("选项B和选项（C）", "", "BC"),
        ] {
            assert_eq!(letters(called_correct(text, 9)), correct, "{text}");
            assert_eq!(letters(named(text, 9)), other, "{text}");
        }
    }
}
