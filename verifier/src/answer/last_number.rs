//! The last number of a reply that states its answer in no other way.

use super::equation::is_supposing;
use super::extract::{Found, Rule, tail};
use super::phrase::sentences;
use super::prose::{Lead, unsettles};
use super::read;
use super::readable::{Readable, differ, read_clause, readable};
use super::scope::is_foreign;
use super::statement::Statement;
use super::word::{is_denial, is_operation, words};

/// The longest sentence that is read, in bytes.
const MAX_SENTENCE: usize = 300;
/// How much of the end of a reply is searched, in bytes.
const MAX_TAIL: usize = 4096;

/// The number of the last sentence that has one, if the sentence and what follows leave it as it
/// is.
pub(super) fn last_number(body: &str) -> Option<Statement> {
    let end = tail(body, MAX_TAIL);
    let base = body.len() - end.len();
    let (at, sentence) = sentences(end).filter(|(_, s)| s.contains(char::is_numeric)).last()?;
    let after = &end[at + sentence.len()..];
    // What starts before the tail may start with a denial.
    let cut = at == 0 && base > 0;
    let heading = sentence.trim_start().starts_with('#') && !after.trim().is_empty();
    if cut || heading || sentence.len() > MAX_SENTENCE || unsettles(after) {
        return None;
    }
    let stated_text = without_marks(sentence);
    let before = end.get(..at).unwrap_or("");
    let refused = is_list_item(stated_text, after)
        || words(stated_text).any(is_denial)
        || mentions_answer(stated_text)
        || is_supposing(stated_text)
        || goes_on(after)
        || [" and up", " and counting"].iter().any(|tail| stated_text.ends_with(tail))
        || is_one_of_two(before, stated_text);
    if refused {
        return None;
    }
    let annotated = without_annotations(stated_text);
    let reading = read_clause(annotated.as_deref().unwrap_or(stated_text), Lead::Prose);
    if readable(&reading) == Readable::Unread {
        return None;
    }
    let at = base + at + sentence.find(stated_text)?;
    let end = at + stated_text.len();
    let found = Found { text: stated_text.to_owned(), rule: Rule::LastNumber, at, reading };
    Some(Statement { found, end, denied: false })
}

/// Without the marks of a heading or a quotation; `>5` and `#5` are none.
fn without_marks(sentence: &str) -> &str {
    let text = sentence.trim();
    let rest = text.trim_start_matches(['#', '>', ' ', '\t']);
    let marks = text.get(..text.len() - rest.len()).unwrap_or("");
    if marks.is_empty() || marks.ends_with([' ', '\t']) { rest } else { text }
}

/// Whether a sentence says something of "the answer" other than what it is.
fn mentions_answer(sentence: &str) -> bool {
    const VERBS: [&str; 11] =
        ["is", "will", "comes", "turns", "we", "i", "you", "that", "must", "should", "to"];
    let lower = sentence.to_ascii_lowercase();
    let Some(at) = lower.find("answer") else { return false };
    let next = words(lower.get(at..).unwrap_or("")).nth(1).unwrap_or("");
    let whole = words(lower.get(at..).unwrap_or("")).next() == Some("answer");
    is_foreign(sentence, at) || !(whole && (next.is_empty() || VERBS.contains(&next)))
}

/// Without the marks of a calculator: `48+24=<<48+24=72>>72`.
fn without_annotations(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        out.push_str(before);
        rest = after.split_once(">>")?.1;
    }
    (rest.len() < text.len()).then(|| out + rest)
}

/// Whether a sentence behind the number computes with it: `We now square it`.
pub(super) fn goes_on(after: &str) -> bool {
    words(after).any(is_operation)
        || after.trim_end().ends_with('?')
        || words(after)
            .any(|word| ["rest", "some", "squaring"].iter().any(|w| w.eq_ignore_ascii_case(word)))
}

/// Whether the sentence is the second of two that give a name different values, or begins with
/// "and" or "or".
fn is_one_of_two(before: &str, sentence: &str) -> bool {
    let first = words(sentence).next().unwrap_or("");
    if ["and", "or", "also"].iter().any(|w| w.eq_ignore_ascii_case(first)) {
        return true;
    }
    let earlier = before.trim_end();
    let last_line = earlier.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("").trim();
    if ["or", "and"]
        .iter()
        .any(|w| last_line.rsplit(' ').next().is_some_and(|l| l.eq_ignore_ascii_case(w)))
    {
        return true;
    }
    let Some((_, earlier)) = sentences(earlier).filter(|(_, s)| !s.trim().is_empty()).last() else {
        return false;
    };
    match (assigned(earlier), assigned(sentence)) {
        (Some((name, one)), Some((other, two))) => name == other && differ(&read(one), &read(two)),
        _ => false,
    }
}

/// The name and the value of `… x = 4.`
pub(super) fn assigned(sentence: &str) -> Option<(&str, &str)> {
    let (left, value) = sentence.trim().trim_end_matches(['.', ',', '$', ' ']).rsplit_once('=')?;
    let name = left.trim_end().rsplit([' ', '$']).next()?;
    let variable = name.starts_with(char::is_alphabetic)
        && name.len() <= 3
        && (name.len() == 1 || name.contains('_'));
    variable.then(|| (name, value.trim()))
}

/// Whether a sentence begins as `2. Compare` or `- 7`: its first number counts the items of a
/// list, and its sign may be a bullet.
pub(super) fn is_list_item(sentence: &str, after: &str) -> bool {
    let rest = sentence.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = sentence.starts_with("- ") || sentence.starts_with("* ");
    // `2.5` is a decimal.
    let decimal = rest.starts_with('.')
        && rest[1..].starts_with(|c: char| c.is_ascii_digit() || "(\\".contains(c));
    let marked = rest.len() < sentence.len() && rest.starts_with(['.', ')']) && !decimal;
    bullet || (marked && (rest.len() > 1 || after.starts_with(' ')))
}
