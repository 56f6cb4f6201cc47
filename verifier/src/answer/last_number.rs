//! The last number of a reply that states its answer in no other way.

use super::extract::{Found, Rule, tail};
use super::phrase::sentences;
use super::prose::{Lead, stated, unsettles};
use super::reader::Stop;
use super::{Reading, read};

/// The longest sentence that is read, in bytes.
const MAX_SENTENCE: usize = 300;
/// How much of the end of a reply is searched, in bytes.
const MAX_TAIL: usize = 4096;

/// The number of the last sentence that has one, if the sentence and what follows leave it as it
/// is.
pub(super) fn last_number(body: &str) -> Option<Found> {
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
    let reading = match read(stated_text) {
        Reading::Other(_) => match stated(stated_text, Lead::Prose) {
            Ok(number) => Reading::Number(number),
            Err(Stop::TooLarge(what)) => Reading::OverBudget(what),
            Err(Stop::NotANumber) => return None,
        },
        reading => reading,
    };
    let at = base + at + sentence.find(stated_text)?;
    Some(Found { text: stated_text.to_owned(), rule: Rule::LastNumber, at, reading })
}

/// Whether a sentence begins as `2. Compare` or `- 7`: its first number counts the items of a
/// list, and its sign may be a bullet.
fn is_list_item(sentence: &str, after: &str) -> bool {
    let rest = sentence.trim_start_matches(|c: char| c.is_ascii_digit());
    let bullet = sentence.starts_with("- ") || sentence.starts_with("* ");
    let marked = rest.len() < sentence.len() && rest.starts_with(['.', ')']);
    bullet || (marked && (rest.len() > 1 || after.starts_with(' ')))
}
