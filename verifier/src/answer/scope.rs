//! Whether "the answer is" speaks of the answer to this question, and not of that of a part, a
//! case, an example or somebody else, nor of something that is only computed from it.

use super::word::{is_numeral, is_operation, words};

/// How far a sentence is followed back, in bytes.
const REACH: usize = 300;

/// Words before "answer" with which it is the one that is asked for.
const OWN: [&str; 17] = [
    "the",
    "my",
    "our",
    "final",
    "correct",
    "right",
    "exact",
    "required",
    "desired",
    "numerical",
    "numeric",
    "overall",
    "simplified",
    "simplest",
    "best",
    "full",
    "actual",
];
/// Words before "answer" with which it is another.
const FOREIGN: [&str; 35] = [
    "alternative",
    "estimated",
    "approximate",
    "their",
    "his",
    "her",
    "your",
    "previous",
    "old",
    "initial",
    "intermediate",
    "partial",
    "bad",
    "sample",
    "example",
    "student",
    "student's",
    "other",
    "another",
    "naive",
    "first",
    "second",
    "tentative",
    "reference",
    "any",
    "some",
    "every",
    "each",
    "original",
    "earlier",
    "last",
    "next",
    "non",
    "expected",
    "popular",
];
/// Words that make the whole sentence one about a case, a supposition or somebody's opinion.
const FRAMES: [&str; 43] = [
    "why",
    "explain",
    "if",
    "unless",
    "whether",
    "suppose",
    "supposing",
    "assume",
    "assumes",
    "assuming",
    "provided",
    "when",
    "whenever",
    "case",
    "example",
    "instance",
    "e.g",
    "eg",
    "similar",
    "ignoring",
    "ignore",
    "without",
    "naively",
    "glance",
    "sight",
    "before",
    "expect",
    "expects",
    "thinks",
    "believes",
    "says",
    "may",
    "said",
    "wrote",
    "write",
    "format",
    "rounded",
    "nearest",
    "hypothesis",
    "nobody",
    "neglecting",
    "hypothetically",
    "students",
];

fn is(word: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| entry.eq_ignore_ascii_case(word))
}

/// Whether what stands before the word "answer" at a place makes it another answer, or none.
pub(super) fn is_foreign(text: &str, start: usize) -> bool {
    // The Chinese words stand for themselves.
    let said = text.get(start..).unwrap_or("");
    if !said.starts_with(|c: char| c.is_ascii()) {
        return false;
    }
    let sentence = sentence_before(text, start);
    let emphasis = sentence.ends_with("**") || sentence.ends_with("__");
    let glued = sentence.ends_with(|c: char| c.is_alphanumeric() || "-+/^=<>|\\'’*(".contains(c));
    let opened = sentence.trim_end_matches('(').ends_with(char::is_whitespace)
        || sentence.trim_matches(['(', '*', '_']).is_empty();
    if glued && !emphasis && !opened {
        return true;
    }
    let mut backwards = sentence.split_whitespace().rev().map(bare).peekable();
    let near = backwards.peek().copied().unwrap_or("");
    if is(near, &FOREIGN) || is_possessive(near) {
        return true;
    }
    let mut determined = false;
    while backwards.next_if(|word| is(word, &OWN)).is_some() {
        determined = true;
    }
    let outer = backwards.next().unwrap_or("");
    // `- the answer` is an item of a list.
    let lone = !outer.contains(|c: char| c.is_alphabetic()) && backwards.peek().is_some();
    let operator = lone && outer.contains(['+', '×', '*', '/', '−', '^', '=']) && !emphasis;
    let counted = determined && (is(outer, &["of", "than", "before", "x"]) || is(outer, &FOREIGN))
        || (is_numeral(outer) && !(is(outer, &["one"]) && said.starts_with("solution")))
        || is_operation(outer)
        || (is(outer, &["to"]) && sentence.contains("added"));
    operator || counted || is_framed(sentence)
}

/// Whether a sentence, from its last conclusion on, is about a case or an opinion.
fn is_framed(sentence: &str) -> bool {
    const CONCLUSIONS: [&str; 4] = ["so", "thus", "therefore", "hence"];
    let framed = words(sentence)
        .rev()
        .take_while(|word| !is(word, &CONCLUSIONS))
        .any(|word| is(word, &FRAMES));
    let first = words(sentence).next().unwrap_or("");
    // `For n = 2, the answer is …`, `To show: the answer is …`
    let case = is(first, &["for"]) && sentence.contains('=');
    let goal = ["to show", "to prove", "prove that", "prove the", "check that", "show that"]
        .iter()
        .any(|goal| sentence.get(..60.min(sentence.len())).is_some_and(|s| holds(s, goal)));
    framed || case || goal
}

fn holds(text: &str, part: &str) -> bool {
    text.to_ascii_lowercase().contains(part)
}

/// Whether the sentence before a place only says what would be: `if the order mattered, it would`.
pub(super) fn is_hypothetical(text: &str, start: usize) -> bool {
    let sentence = sentence_before(text, start);
    let has = |word: &str| words(sentence).any(|said| said.eq_ignore_ascii_case(word));
    let said = text.get(start..text.floor_char_boundary(start + 24)).unwrap_or("");
    (has("would") || said.contains(" would "))
        && ["if", "without", "had", "otherwise"].iter().any(|word| has(word))
}

/// A word without the marks around it, which may be all there is.
fn bare(word: &str) -> &str {
    let trimmed = word.trim_matches(|c: char| ".,;:!?()[]\"“”*_`$#>".contains(c));
    if trimmed.is_empty() { word } else { trimmed }
}

/// `Bob's`, and not `that's`.
fn is_possessive(word: &str) -> bool {
    const PRONOUNS: [&str; 7] = ["let", "here", "there", "that", "it", "what", "so"];
    let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
    stem.is_some_and(|stem| !is(stem, &PRONOUNS))
}

/// The beginning of the sentence that goes on at a place.
fn sentence_before(text: &str, start: usize) -> &str {
    let near = text.get(text.ceil_char_boundary(start.saturating_sub(REACH))..start).unwrap_or("");
    let mut from = near.rfind(['\n', ';', '!', '?', '。', '；']).map_or(0, |at| at + 1);
    from = near.ceil_char_boundary(from);
    // A point ends a sentence before a space and a capital letter; the word "answer" ends one too.
    let rest = near.get(from..).unwrap_or("");
    let ends = |at: usize| {
        let next = rest.get(at..).unwrap_or("").trim_start();
        let abbreviated =
            rest.get(..at).is_some_and(|s| s.ends_with("e.g. ") || s.ends_with("i.e. "));
        !abbreviated && (next.is_empty() || next.starts_with(|c: char| !c.is_lowercase()))
    };
    let mut before = rest;
    let mut stop = None;
    while let Some(point) = before.rfind('.') {
        if rest[point + 1..].starts_with(' ') && ends(point + 2) {
            stop = Some(point + 2);
            break;
        }
        before = &before[..point];
    }
    rest.get(stop.unwrap_or(0)..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_that_is_asked_for_is_told_from_others() {
        for (text, expect) in [
            ("The answer", false),
            ("So the final answer", false),
            ("**Answer", false),
            ("- Answer", false),
            ("It is 3 and not 4. The answer", false),
            ("We know that if n is 2 it holds. So the answer", false),
            ("If it is 3 we are lost, so the answer", false),
            ("Let's see what the answer", false),
            ("(answer", false),
            ("Twice the answer", true),
            ("The last digit of the answer", true),
            ("One less than the answer", true),
            ("1 + the answer", true),
            ("-answer", true),
            ("f(answer", true),
            ("Bob's answer", true),
            ("The intermediate answer", true),
            ("If n is even, the answer", true),
            ("For n = 2, the answer", true),
            ("In the first case the answer", true),
            ("e.g. the answer", true),
            ("To show: the answer", true),
        ] {
            let start = text.to_lowercase().rfind("answer").unwrap_or_default();
            assert_eq!(is_foreign(text, start), expect, "{text}");
        }
    }
}
