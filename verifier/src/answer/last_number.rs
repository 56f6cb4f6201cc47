//! The last number of a reply that states its answer in no other way.

use super::extract::{Found, Rule, tail};
use super::phrase::sentences;
use super::prose::{Lead, unsettles};
use super::readable::{Readable, read_clause, readable};
use super::statement::Statement;

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
    let stated_text = sentence.trim_start_matches([' ', '\t', '#', '>']).trim_end();
    if is_list_item(stated_text, after) {
        return None;
    }
    let reading = read_clause(stated_text, Lead::Prose);
    if readable(&reading) == Readable::Unread {
        return None;
    }
    let at = base + at + sentence.find(stated_text)?;
    let end = at + stated_text.len();
    let found = Found { text: stated_text.to_owned(), rule: Rule::LastNumber, at, reading };
    Some(Statement { found, end, denied: false })
}

/// Whether a sentence begins as `2. Compare` or `- 7`: its first number counts the items of a
/// list, and its sign may be a bullet.
pub(super) fn is_list_item(sentence: &str, after: &str) -> bool {
    let rest = sentence.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = sentence.starts_with("- ") || sentence.starts_with("* ");
    // `2.5` is a decimal.
    let decimal =
        rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit() || c == '(');
    let marked = rest.len() < sentence.len() && rest.starts_with(['.', ')']) && !decimal;
    bullet || (marked && (rest.len() > 1 || after.starts_with(' ')))
}
