//! Finds the clauses that follow "the answer is".

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::dress::regex;

/// How much of a line after "the answer is" is read, in bytes.
const MAX_CLAUSE: usize = 300;

/// One statement "the answer is …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    /// Where the phrase starts.
    pub start: usize,
    /// What it says the answer is: to the end of the line, or to the next phrase.
    pub clause: Range<usize>,
    /// Whether the clause begins in another line: the phrase may be a heading.
    pub heading: bool,
}

/// The phrases of a text in their order.
pub(super) fn phrases(text: &str) -> Vec<Phrase> {
    static PHRASE: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?i)\b(?:answer|(?:correct|right)\s+(?:option|choice))\b(?:\s+(?:choice|option))?",
            r"(?:\s+(?:to|for|of)\s[^.:\n]{1,80}?)?",
            r"[\s*_]*(?:\bis\b|\bequals\b|=|:|\bwould be\b|\bmust be\b)[\s*_]*:?[ \t*_]*",
            r"|\bfinal answer[*_# \t]*\n+[*_ \t]*"
        ))
    });
    let found: Vec<_> = PHRASE.find_iter(text).map(|m| m.range()).collect();
    let next = found.iter().skip(1).map(|m| m.start).chain([text.len()]);
    found
        .iter()
        .zip(next)
        .map(|(phrase, next)| {
            let near = &text[phrase.end..text.floor_char_boundary(phrase.end + MAX_CLAUSE)];
            let line = phrase.end + near.find('\n').unwrap_or(near.len());
            Phrase {
                start: phrase.start,
                clause: without_half_emphasis(text, emphasis_start(text, phrase)..line.min(next)),
                heading: text[phrase.clone()].contains('\n'),
            }
        })
        .collect()
}

/// The phrase eats opening emphasis; it belongs to the clause when its end does.
fn emphasis_start(text: &str, phrase: &Range<usize>) -> usize {
    let eaten = &text[phrase.clone()];
    let mark = eaten.len() - eaten.trim_end_matches(['*', '_']).len();
    phrase.end - mark
}

/// Without the end of an emphasis that began before the clause: `**Answer: 5**`.
fn without_half_emphasis(text: &str, clause: Range<usize>) -> Range<usize> {
    let said = text[clause.clone()].trim_end();
    match said.strip_suffix("**") {
        Some(shorter) if !shorter.contains("**") => clause.start..clause.start + shorter.len(),
        _ => clause,
    }
}

/// Up to the end of the sentence.
pub(super) fn first_sentence(clause: &str) -> &str {
    sentences(clause).next().map_or("", |(_, sentence)| sentence)
}

/// The sentences of a text with their offsets. A point ends one only before a capital letter, so
/// that `approx. 5` stays whole.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = rest
            .char_indices()
            .find(|&(place, mark)| {
                let next = &rest[place + mark.len_utf8()..];
                mark == '\n'
                    || (".!?".contains(mark)
                        && next.starts_with(' ')
                        && next.trim_start().starts_with(char::is_uppercase))
            })
            .map_or(rest.len(), |(place, mark)| place + mark.len_utf8());
        let start = at;
        at += end;
        Some((start, &rest[..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_found() {
        for (text, expect) in [
            ("The answer is 5.", &["5."][..]),
            ("**Answer:** 5", &["5"]),
            ("**Answer: 5**", &["5"]),
            ("The answer is **5**", &["**5**"]),
            ("Answer:\n\n5\nbye", &["5"]),
            ("**Final Answer**\n\n42", &["42"]),
            ("The answer to the question is 5", &["5"]),
            ("the answer is: The answer is 5", &["The ", "5"]),
            ("The correct option is B", &["B"]),
            ("The answer isn't 5", &[]),
        ] {
            let found: Vec<&str> = phrases(text).iter().map(|p| &text[p.clause.clone()]).collect();
            assert_eq!(found, expect, "{text}");
        }
    }

    #[test]
    fn sentences_end_before_capitals() {
        let of = |text| sentences(text).map(|(_, s)| s.trim()).collect::<Vec<_>>();
        assert_eq!(of("It is 5. So be it!\nYes"), ["It is 5.", "So be it!", "Yes"]);
        assert_eq!(of("approx. 5 or 1.5"), ["approx. 5 or 1.5"]);
    }
}
