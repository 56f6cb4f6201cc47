//! Whether a reply takes back an answer near the place where it states it.

use std::sync::LazyLock;

use regex::Regex;

use super::dress::regex;
use super::word::is_denial;

/// How far a clause reaches, in bytes.
const REACH: usize = 200;
/// What encloses a text that is struck out.
const STRUCK: &str = "~~";

/// Whether the clause around `text[start..end]` denies it, doubts it or makes it a condition:
/// `it is not …`, `if … were right`, `… is wrong`, `…?`.
pub(super) fn denied(text: &str, start: usize, end: usize) -> bool {
    let (after, mark) = clause_after(text, end);
    denied_ahead(text, start)
        || mark == Some('?')
        || words(after).any(is_denial)
        || after.contains(STRUCK)
}

/// Whether the clause before `text[start..]` denies what follows, doubts it or makes it a
/// condition.
pub(super) fn denied_ahead(text: &str, start: usize) -> bool {
    const CONDITIONS: [&str; 6] = ["if", "unless", "whether", "suppose", "assume", "assuming"];
    const CONCLUSIONS: [&str; 5] = ["so", "thus", "therefore", "hence", "then"];
    let is_condition = |word: &str| CONDITIONS.iter().any(|c| c.eq_ignore_ascii_case(word));
    let is_conclusion = |word: &str| CONCLUSIONS.iter().any(|c| c.eq_ignore_ascii_case(word));
    let before = clause_before(text, start);
    // What a conclusion is drawn from may well be a denial: `it is not 3 so …`.
    let mut premises = words(before).rev().take_while(|word| !is_conclusion(word));
    premises.any(|word| is_denial(word) || is_condition(word)) || before.contains(STRUCK)
}

/// Whether what follows an answer says that it was wrong.
pub(super) fn withdrawn(after: &str) -> bool {
    static WITHDRAWN: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?i)\bwait\b|\boops\b|\bmistake|\bi (?:was|am) wrong\b|\bscratch that\b|\bactually\b",
            r"|\bcorrection\b|\bon second thoughts?\b|\bedit:|\bsorry\b|\bapologi",
            r"|\b(?:that|this|it|which|answer)(?:['’]s|\s+is|\s+was|\s+seems)\s+(?:\w+\s+)?",
            r"(?:wrong|incorrect|false|impossible|not\s+(?:right|correct|true|possible|the))\b",
            r"|\b(?:that|this|it|which)\s+(?:can['’]t|cannot|(?:could|is|was|does)(?:n['’]t|\s+not))\b",
            r"|(?:^|[\s.])no(?:[,.!]|$)"
        ))
    });
    WITHDRAWN.is_match(after)
}

/// The words of a text, commands and braces of LaTeX apart.
fn words(text: &str) -> impl DoubleEndedIterator<Item = &str> {
    text.split(|c: char| !(c.is_alphabetic() || "'’-".contains(c))).filter(|word| !word.is_empty())
}

fn clause_before(text: &str, start: usize) -> &str {
    let near = &text[text.ceil_char_boundary(start.saturating_sub(REACH))..start];
    near.rfind([',', ';', '.', '!', '?', '\n']).map_or(near, |at| &near[at + 1..])
}

/// The clause after a place and the mark that ends it.
fn clause_after(text: &str, end: usize) -> (&str, Option<char>) {
    let near = &text[end..text.floor_char_boundary(end + REACH)];
    let at = near.find([',', ';', '.', '!', '?', '\n']).unwrap_or(near.len());
    (&near[..at], near[at..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denials_are_seen_and_conclusions_from_them_are_not() {
        for (text, expect) in [
            ("It is X.", false),
            ("It is not X.", true),
            ("I doubt that it is X.", true),
            ("It isn't X.", true),
            ("\\text{not }X", true),
            ("~~It is X~~", true),
            ("If X were right, we would see it.", true),
            ("X is wrong.", true),
            ("X is tempting", true),
            ("Is it X?", true),
            ("It is not even, so X is right.", false),
            ("It is not even so X is right.", false),
            ("Not hard. It is X.", false),
            ("It is X, not Y.", false),
        ] {
            let denied = text.find('X').map(|at| denied(text, at, at + 1));
            assert_eq!(denied, Some(expect), "{text}");
        }
        for (after, expect) in [
            (" I hope this helps!", false),
            ("\nWait, I forgot the tax.", true),
            ("\nThat is wrong.", true),
            (" which is not correct", true),
            (" It can't be.", true),
            (" No, that fails.", true),
            ("\n\nNo.", true),
            ("\nCorrection: 6", true),
        ] {
            assert_eq!(withdrawn(after), expect, "{after}");
        }
    }
}
