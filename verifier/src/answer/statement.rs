//! What a reply says at one place: reads boxes, lines `#### …` and clauses after "the answer is".

use super::boxed::{Around, around};
use super::denial::{denied, denied_ahead};
use super::extract::{Found, Rule};
use super::group::Group;
use super::phrase::{Phrase, first_sentence};
use super::prose::{Lead, is_filler, unsettles};
use super::read;
use super::readable::{Readable, as_part, counts_a_noun, read_clause, readable, with_unit};
use super::word::words;

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
        Around::Part => as_part(read(&text)),
    };
    let denied = denied(body, group.whole.start, group.whole.end);
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
    found
}

/// `#### 2. Calculate the total` is a heading: elsewhere than at the end only a value counts.
pub(super) fn of_marker(body: &str, at: usize, line: &str) -> Option<Statement> {
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
    let reading = read_clause(sentence, Lead::Filler);
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
    let denied = denied_ahead(body, phrase.start) || asked;
    Some(Statement { found: Found { text, rule: Rule::Phrase, at, reading }, end, denied })
}

/// Without the rounded value that some replies add: `$\frac{5}{12}$, which is about 0.4167`.
fn without_rounding(sentence: &str) -> &str {
    const ROUNDED: [&str; 6] = [
        ", which is about ",
        ", which is approximately ",
        ", or about ",
        ", or approximately ",
        " (about ",
        " (approximately ",
    ];
    let cut = ROUNDED.iter().find_map(|mark| {
        let at = sentence.find(mark)?;
        let rest = sentence.get(at + mark.len()..)?.trim_matches([')', '.', ' ', '$']);
        rest.parse::<f64>().is_ok().then_some(at)
    });
    cut.map_or(sentence, |at| sentence.get(..at).unwrap_or(sentence))
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
