//! What a reply says at one place: reads boxes, lines `#### …` and clauses after "the answer is".

use super::around::{Around, around};
use super::denial::{denied, denied_ahead, is_contrast};
use super::equation::is_supposing;
use super::extract::{Found, Rule};
use super::group::Group;
use super::last_number::is_list_item;
use super::phrase::{Phrase, first_sentence};
use super::prose::{Lead, is_filler, unsettles};
use super::read;
use super::readable::{
    Readable, as_part, counts_a_noun, is_rounding, read_clause, readable, with_unit,
};
use super::scope::{is_foreign, is_hypothetical};
use super::word::{is_denial, words};

/// One statement with what stands around it.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub found: Found,
    /// Where it ends in the searched text.
    pub end: usize,
    /// Whether it is denied where it stands.
    pub denied: bool,
}

/// Reads a box, or several that are one list.
pub(super) fn of_boxes(body: &str, group: &Group) -> Statement {
    let text = group.text(body);
    let reading = match around(body, &group.whole) {
        Around::Free(unit) => with_unit(read(&text), unit),
        Around::Part => {
            let exact = read(&text);
            match body.get(group.whole.end..).and_then(rounded_behind) {
                Some(rounded) if is_rounding(&exact, &read(rounded)) => exact,
                _ => as_part(exact),
            }
        }
    };
    let denied = denied(body, group.whole.start, group.whole.end)
        || is_hypothetical(body, group.whole.start);
    let found = Found { text, rule: Rule::Boxed, at: group.at(body), reading };
    Statement { found, end: group.whole.end, denied }
}

/// The lines `#### …` with the offsets of what follows the marks.
pub(super) fn marked_lines(body: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    if !body.contains("####") {
        return found;
    }
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if let Some(rest) = line.trim_start().strip_prefix("####")
            && !rest.starts_with('#')
        {
            found.push((at + line.len() - rest.trim_start().len(), rest.trim()));
        }
        at += line.len();
    }
    // At the end of the last line it may follow a sentence.
    let end = body.trim_end();
    let line = end.rfind('\n').map_or(0, |n| n + 1);
    if let Some(mark) = end.rfind(" ####").filter(|mark| *mark > line) {
        let rest = end.get(mark + 5..).unwrap_or("");
        let reserved = words(end.get(line..mark).unwrap_or("")).any(|word| {
            is_denial(word) || ["if", "when", "unless"].iter().any(|w| w.eq_ignore_ascii_case(word))
        });
        if !rest.starts_with('#') && !rest.trim().is_empty() && !reserved {
            found.push((end.len() - rest.trim_start().len(), rest.trim()));
        }
    }
    found
}

/// `#### 2. Calculate the total` is a heading: elsewhere than at the end only a value counts.
pub(super) fn of_marker(body: &str, at: usize, line: &str) -> Option<Statement> {
    if is_list_item(line, "") {
        return None;
    }
    let end = at + line.len();
    let last = body.get(end..).is_none_or(|after| after.trim().is_empty());
    let reading = if last { read_clause(line, Lead::Filler) } else { read(line) };
    match readable(&reading) {
        Readable::Empty => return None,
        Readable::Unread if !last => return None,
        Readable::Value if !last && counts_a_noun(&reading) => return None,
        Readable::Unread | Readable::Value | Readable::TooMuch => {}
    }
    let found = Found { text: line.to_owned(), rule: Rule::Marker, at, reading };
    Some(Statement { found, end, denied: false })
}

/// Reads the clause after "the answer is".
pub(super) fn of_phrase(body: &str, phrase: &Phrase) -> Option<Statement> {
    let clause = body.get(phrase.clause.clone())?;
    if clause.contains("\\boxed") || clause.trim_end().ends_with(':') || is_filler(clause) {
        return None;
    }
    let sentence = first_sentence(clause).trim_end();
    let asked = sentence.ends_with(['?', '？']);
    let sentence = without_rounding(sentence.trim_end_matches(['。', '，', '；', '！', '：']));
    // Prose has exclamation marks, mathematics factorials.
    let sentence = sentence.strip_suffix('!').filter(|s| !s.ends_with('!')).unwrap_or(sentence);
    let sentence = without_aside(sentence);
    let mut reading = read_clause(sentence, Lead::Filler);
    // `Answer: Janet makes 18 dollars.`
    let titled = body
        .get(phrase.start..phrase.clause.start)
        .is_some_and(|title| title.contains([':', '：']) || sentence.starts_with("that "));
    if titled
        && readable(&reading) == Readable::Unread
        && sentence.contains(' ')
        && !is_supposing(sentence)
    {
        reading = read_clause(sentence, Lead::Prose);
    }
    // `The result is 5 and the value of y is 6` says two things.
    let weak = phrase.weak && !phrase.followed;
    match readable(&reading) {
        Readable::Empty => return None,
        Readable::Unread if weak || points_elsewhere(sentence, phrase.heading) => {
            return None;
        }
        Readable::Unread | Readable::Value | Readable::TooMuch => {}
    }
    let text = sentence.trim().to_owned();
    let at = phrase.clause.start + (clause.len() - clause.trim_start().len());
    let end = at + text.len();
    if weak && !ends_reply(body.get(end..).unwrap_or("")) {
        return None;
    }
    // The words behind the answer were judged with it.
    let title = body.get(phrase.start..phrase.clause.start).unwrap_or("");
    let partial = words(title)
        .any(|word| ["part", "first", "second", "wrong", "previous", "similar"].contains(&word));
    let denied = is_hypothetical(body, phrase.start)
        || denied_ahead(body, phrase.start)
        || is_foreign(body, phrase.start)
        || partial
        || asked;
    Some(Statement { found: Found { text, rule: Rule::Phrase, at, reading }, end, denied })
}

/// Without the rounded value that some replies add: `$\frac{5}{12}$, which is about 0.4167`.
fn without_rounding(sentence: &str) -> &str {
    const ROUNDED: [&str; 8] = [
        ", which is about ",
        ", which is approximately ",
        ", or about ",
        ", or approximately ",
        " or about ",
        " or approximately ",
        " (about ",
        " (approximately ",
    ];
    let cut = ROUNDED.iter().find_map(|mark| {
        let at = sentence.find(mark)?;
        let rest = sentence.get(at + mark.len()..)?.trim_matches([')', '.', ' ', '$']);
        let exact = sentence.get(..at)?;
        is_rounding(&read_clause(exact, Lead::Filler), &read(rest)).then_some(exact)
    });
    cut.unwrap_or(sentence)
}

/// The rounded value right behind a box: `\approx 0.4167`, `(about 0.42)`.
fn rounded_behind(after: &str) -> Option<&str> {
    const MARKS: [&str; 8] = [
        "\\approx",
        "≈",
        "(approximately",
        "(about",
        "(or about",
        "or about",
        "or approximately",
        "which is about",
    ];
    let rest = after.trim_start_matches(['$', ' ', ',', ')', '\\']);
    let rest = if after.trim_start_matches(['$', ' ']).starts_with("\\approx") {
        after.trim_start_matches(['$', ' '])
    } else {
        rest
    };
    let rest = MARKS.iter().find_map(|mark| rest.strip_prefix(mark))?;
    let rest = rest.trim_start_matches([' ', '$']);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let number = rest.get(..end)?.trim_end_matches('.');
    let behind = rest.get(end..)?;
    let ended = behind.trim_start_matches(['$', ')', '.', ' ', '\\', ']']);
    (!number.is_empty() && (ended.is_empty() || ended.starts_with('\n'))).then_some(number)
}

/// Without what only decorates or explains an answer: `5 ✓`, `5 (since 2 + 3 = 5)`, `5, not 6`.
fn without_aside(sentence: &str) -> &str {
    const REASONS: [&str; 3] = [" (since ", " (because ", " (as "];
    const CONTRASTS: [&str; 5] = [", not ", " (not ", " and not ", " rather than ", " instead of "];
    let mut text = sentence.trim();
    for mark in ["$\\blacksquare$", "$\\square$", "\\blacksquare", "\\square", "QED"] {
        text = text.strip_suffix(mark).unwrap_or(text).trim_end();
    }
    text = text.trim_end_matches([' ', '✓', '✔', '✅', '∎', '■', '□', '\u{FE0F}']);
    if let Some(inner) = text.strip_suffix('.').unwrap_or(text).strip_prefix(['\'', '"', '“'])
        && let Some(inner) = inner.strip_suffix(['\'', '"', '”'])
        && !inner.contains(['\'', '"'])
    {
        text = inner;
    }
    let reason = REASONS.iter().filter_map(|mark| text.find(mark)).min();
    let because = text.find(" as ").filter(|at| {
        text.get(at + 4..).is_some_and(|s| s.starts_with(|c: char| c.is_ascii_digit() || c == '$'))
    });
    let contrast = CONTRASTS
        .iter()
        .filter_map(|mark| text.find(mark))
        .find(|at| text.get(*at..).is_some_and(|s| is_contrast(s.trim_start_matches(','))));
    let cut = [reason, because, contrast].into_iter().flatten().min();
    cut.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// Whether nothing behind a statement could be a later one: no number, no formula.
pub(super) fn ends_reply(after: &str) -> bool {
    !after.contains(|c: char| c.is_numeric() || "$\\=".contains(c)) && !unsettles(after)
}

/// Whether a clause after "the answer is" does not say what it is: `clear`, `in the table`, or
/// under a heading the sentence that leads to the answer.
fn points_elsewhere(clause: &str, heading: bool) -> bool {
    const POINTERS: [&str; 14] = [
        "in",
        "as",
        "below",
        "above",
        "found",
        "obtained",
        "given",
        "shown",
        "clear",
        "correct",
        "right",
        "reasonable",
        "based",
        "calculated",
    ];
    const QUESTIONS: [&str; 5] = ["什么", "多少", "否", "哪", "如下"];
    if QUESTIONS.iter().any(|question| clause.starts_with(question)) {
        return true;
    }
    let first = words(clause).next().unwrap_or("");
    let pointer = POINTERS.iter().any(|pointer| first.eq_ignore_ascii_case(pointer))
        && clause.chars().all(|c| c.is_alphabetic() || " ,.;'".contains(c));
    let leading = heading && words(clause).nth(3).is_some();
    (pointer || leading) && !unsettles(clause)
}
