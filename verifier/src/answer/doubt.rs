//! Whether the statement that counts is in doubt: denied, taken back, contradicted, or one of
//! several answers side by side.
//!
//! It is contradicted by another statement that stands in its line or after it. An earlier line may
//! be corrected by a later one, and within a line an earlier sentence that is taken back, or that
//! is no more than a step to the total.

use super::aftermath::overruled;
use super::clip;
use super::denial::withdrawn;
use super::extract::Rule;
use super::parallel::side_by_side;
use super::readable::contradicts;
use super::statement::Statement;
use super::word::words;

/// How far apart two statements of one line may be, for the later to correct the earlier, in bytes.
const MAX_BETWEEN: usize = 4000;

/// How long a reply may go on after its answer, in bytes; what is longer is not searched for a
/// denial.
pub(super) const MAX_AFTER: usize = 1 << 18;

/// The stable name of a doubt, and what it is.
type Doubt = (&'static str, String);

/// What speaks against the statement that counts. `said` has all statements in their order.
pub(super) fn doubt(body: &str, counts: &Statement, said: &[Statement]) -> Option<Doubt> {
    let answer = &counts.found;
    let stated = clip(&answer.text, 60);
    let line = body.get(..answer.at).and_then(|b| b.rfind('\n')).map_or(0, |n| n + 1);
    let against = |s: &&Statement| contradicts(&s.found.reading, &answer.reading);
    let rival = said
        .iter()
        .filter(|s| s.found.at >= line && !s.denied)
        .filter(against)
        .find(|s| !is_superseded(body, s, counts));
    let beside = || {
        let before = said.iter().rfind(|s| s.found.at < line && s.found.rule == answer.rule)?;
        let apart = against(&before) && side_by_side(body, before.found.at, before.end, answer.at);
        apart.then_some(before)
    };
    if let Some(other) = rival.or_else(beside) {
        let other = clip(&other.found.text, 60);
        let reason = format!("the reply ends with two different answers, {other} and {stated}");
        return Some(("two_answers", reason));
    }
    let after = body.get(counts.end..).unwrap_or("");
    if after.len() > MAX_AFTER {
        return Some(("goes_on", format!("the reply states {stated} and goes on for long")));
    }
    let doubted = said.iter().any(|s| s.denied && s.found.at > answer.at && !against(&s));
    if counts.denied || doubted || withdrawn(after) {
        return Some(("taken_back", format!("the reply states {stated} and takes it back")));
    }
    overruled(after, &answer.reading)
        .then(|| ("goes_on", format!("the reply states {stated} and goes on from there")))
}

/// Whether an earlier statement is taken back before the one that counts, or is a step to it:
/// `… \boxed{48}. So in total there are \boxed{72}`.
fn is_superseded(body: &str, earlier: &Statement, counts: &Statement) -> bool {
    if earlier.found.at >= counts.found.at {
        return false;
    }
    let between = body.get(earlier.end..counts.found.at).unwrap_or("");
    if between.len() > MAX_BETWEEN {
        return false;
    }
    let border = between
        .char_indices()
        .rfind(|&(at, c)| {
            matches!(c, '.' | '!' | '?')
                && between.get(at + 1..).is_some_and(|s| s.starts_with(' '))
        })
        .map(|(at, _)| at + 1);
    let Some(border) = border else { return false };
    if between.get(..border).is_some_and(withdrawn) {
        return true;
    }
    let last = between.get(border..).unwrap_or("");
    let has = |list: &[&str]| {
        words(last).any(|word| list.iter().any(|entry| entry.eq_ignore_ascii_case(word)))
    };
    let total = has(&["so", "thus", "therefore", "hence"])
        && has(&["total", "altogether", "together", "all"]);
    earlier.found.rule == Rule::Boxed
        && counts.found.rule == Rule::Boxed
        && (total || has(&["answer"]))
        && !body.get(..earlier.found.at).is_some_and(announced)
}

/// Whether the sentence that ends a text announces an answer.
fn announced(text: &str) -> bool {
    let near = text.get(text.ceil_char_boundary(text.len().saturating_sub(300))..).unwrap_or("");
    let sentence = near.rsplit(['\n', '.', '?', '!']).next().unwrap_or("");
    words(sentence).any(|word| word.eq_ignore_ascii_case("answer"))
}
