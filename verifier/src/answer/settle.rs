//! Which letter a reply settles on.
//!
//! The rules, strongest first:
//!
//! 1. `boxed`: `\boxed{B}`.
//! 2. `phrase`: "the answer is (B)", `故选B`.
//! 3. `chosen`: "I'd go with B", "my choice is B".
//! 4. `correct`: "B is correct".
//! 5. `line`: the last line, or else the first, is `B`, `B.`, `(B)`, `B) 12 m` or the text of one
//!    option.
//! 6. `said`: "so B", "it is B"; only where no box and no phrase names anything.
//! 7. `option` ("option b") and `bold` (`**B**`), where the clause comes to no more.
//!
//! Of the first three the last statement counts, and another letter in its line or after it makes
//! the reply `ambiguous`; so does a denial. The weaker rules count only when all that they find is
//! one letter. After a box or a phrase that names no option, only a line of its own still does.

use lehr_record::{Outcome, Verdict};

use super::around::{Around, around};
use super::boxed::boxes;
use super::chosen::chosen;
use super::denial::{denied, denied_ahead, withdrawn};
use super::doubt::MAX_AFTER;
use super::extract::{refused, tail};
use super::json::named_answer;
use super::letter::{Said, letter_index, said, states_another, turns_to_another};
use super::lettered::{is_lettered, line, mentioned};
use super::mention::called_correct;
use super::parallel::side_by_side;
use super::phrase::phrases;
use super::prose::is_filler;
use super::scope::{is_foreign, is_hypothetical};
use super::transcript::conclusion;
use super::word::words;

/// How many statements of a rule are read, from the last one back.
const MAX_STATEMENTS: usize = 16;
/// How many letters are looked at that are only named.
pub(super) const MAX_MENTIONS: usize = 64;

/// What a reply says at one place.
struct Statement {
    rule: &'static str,
    start: usize,
    end: usize,
    said: Said,
}

/// The letter that a reply settles on, and the rule that found it.
pub(super) fn settle(options: &[String], reply: &str) -> Result<(char, &'static str), Verdict> {
    let body = conclusion(reply)?.1.trim();
    if let Some((_, text)) = named_answer(body) {
        return match said(&text, options) {
            Said::Letter(letter) if letter_index(letter, options).is_some() => Ok((letter, "json")),
            Said::Several => Err(ambiguous("json", "two_letters", "it names more than one letter")),
            _ => Err(nothing(body)),
        };
    }
    let explicit = explicit(body, options);
    let (letter, rule) = if let Some(counts) = strongest(&explicit) {
        (unrivalled(body, counts, &explicit, options)?, counts.rule)
    } else if let Some(found) = line(body, options)? {
        (found, "line")
    } else if explicit.iter().all(|statement| statement.rule == "line") {
        mentioned(body, options)?.ok_or_else(|| nothing(body))?
    } else {
        return Err(nothing(body));
    };
    if letter_index(letter, options).is_none() {
        let reason = format!("the reply settles on {letter}, which is not the letter of an option");
        return Err(refused(Outcome::Unparseable, "no_such_option", reason).with("found_by", rule));
    }
    Ok((letter, rule))
}

fn nothing(body: &str) -> Verdict {
    refused(Outcome::Unparseable, "no_option", "the reply settles on no option")
        .with("tail", tail(body, 200))
}

pub(super) fn ambiguous(rule: &'static str, code: &str, reason: impl Into<String>) -> Verdict {
    refused(Outcome::Ambiguous, code, reason).with("found_by", rule)
}

pub(super) fn too_many(rule: &'static str) -> Verdict {
    let reason = format!("the reply names letters more than {MAX_MENTIONS} times");
    refused(Outcome::OverBudget, "mentions", reason)
        .with("limit", "mentions")
        .with("found_by", rule)
}

/// The boxes, the phrases and the judgements of single letters, in the order of the reply.
fn explicit(body: &str, options: &[String]) -> Vec<Statement> {
    let mut found = Vec::new();
    let boxes = boxes(body).closed;
    for b in &boxes[boxes.len().saturating_sub(MAX_STATEMENTS)..] {
        let (start, end) = (b.whole.start, b.whole.end);
        let said = match said(&body[b.content.clone()], options) {
            Said::Letter(_) if around(body, &b.whole) == Around::Part => Said::Several,
            said => said,
        };
        found.push(Statement { rule: "boxed", start, end, said });
    }
    // A step on the way names no letter.
    let phrases: Vec<_> = phrases(body).into_iter().filter(|phrase| !phrase.weak).collect();
    for phrase in &phrases[phrases.len().saturating_sub(MAX_STATEMENTS)..] {
        // A box holds it: `\boxed{\text{Answer: B}}`.
        if boxes.iter().any(|b| b.content.contains(&phrase.start)) {
            continue;
        }
        let clause = body.get(phrase.clause.clone()).unwrap_or("");
        // `…, so the answer is B`
        let clause = [", so the", ", so", ", and so the", ", therefore the"]
            .iter()
            .find_map(|tail| clause.trim_end().strip_suffix(tail))
            .filter(|_| phrase.followed)
            .unwrap_or(clause);
        // `a` may be the letter.
        let empty = is_filler(clause) && words(clause).all(|word| word.len() > 1);
        if !clause.contains("\\boxed") && !empty {
            // What follows the letter was judged with it.
            let (start, end) = (phrase.start, phrase.clause.end);
            let said = if clause.trim_end().ends_with(['?', '？']) {
                Said::Several
            } else {
                said(clause, options)
            };
            found.push(Statement { rule: "phrase", start, end, said });
        }
    }
    found.extend(chosen(body, MAX_STATEMENTS).into_iter().filter_map(|place| {
        let said = said(body.get(place.letter..place.end)?, options);
        let rule = if place.weak { "said" } else { "chosen" };
        // `Bob's answer B`
        let before = body.get(..place.letter)?.trim_end();
        let word = before.get(before.ceil_char_boundary(before.len().saturating_sub(6))..)?;
        if word.eq_ignore_ascii_case("answer") && is_foreign(body, before.len() - "answer".len()) {
            return None;
        }
        let line = line_around(body, place.letter);
        let said = match said {
            Said::Letter(letter) if place.weak && states_another(line, letter, options) => {
                Said::Several
            }
            said => said,
        };
        let statement = Statement { rule, start: place.letter, end: place.end, said };
        (said != Said::Nothing).then_some(statement)
    }));
    let judged = called_correct(body, MAX_MENTIONS);
    let agreed = judged.len() <= MAX_MENTIONS
        && judged.windows(2).all(|pair| pair[0].letter == pair[1].letter);
    found.extend(judged.into_iter().map(|mention| Statement {
        rule: mention.rule,
        start: mention.place.start,
        end: mention.place.end,
        said: if agreed { Said::Letter(mention.letter) } else { Said::Several },
    }));
    // A last line that is a letter is a statement too, though a weak one.
    if let Some(last) = body.lines().rfind(|line| !line.trim().is_empty())
        && words(last).nth(1).is_none()
        && is_lettered(last, options)
    {
        let start = body.rfind(last).unwrap_or_default();
        let end = start + last.len();
        found.push(Statement { rule: "line", start, end, said: said(last, options) });
    }
    found.sort_by_key(|statement| statement.start);
    found
}

/// The line in which a place is, up to it.
fn line_around(body: &str, at: usize) -> &str {
    let before = body.get(..at).unwrap_or("");
    before.rfind('\n').map_or(before, |n| before.get(n + 1..).unwrap_or(""))
}

/// The statement that counts: the last of the strongest rule that names a letter.
fn strongest(explicit: &[Statement]) -> Option<&Statement> {
    let strong = ["boxed", "phrase", "chosen", "correct"]
        .iter()
        .find_map(|rule| explicit.iter().rfind(|s| s.rule == *rule && s.said != Said::Nothing));
    let stated = explicit.iter().any(|s| matches!(s.rule, "boxed" | "phrase"));
    let said = || explicit.iter().rfind(|s| s.rule == "said" && !stated);
    strong.or_else(said)
}

/// The letter of the statement that counts, unless it is denied or another one stands against it.
fn unrivalled(
    body: &str,
    counts: &Statement,
    explicit: &[Statement],
    options: &[String],
) -> Result<char, Verdict> {
    let Said::Letter(letter) = counts.said else {
        return Err(ambiguous(counts.rule, "two_letters", "the reply names more than one letter"));
    };
    let line = body[..counts.start].rfind('\n').map_or(0, |n| n + 1);
    // What is said elsewhere of an answer that is no option (`none of these`) is against it too.
    let rival = explicit.iter().find(|s| s.start >= line && s.said != counts.said);
    let beside = explicit
        .iter()
        .rfind(|s| s.rule == counts.rule && s.start < line && s.said != counts.said)
        .filter(|s| side_by_side(body, s.start, s.end, counts.start));
    if let Some(rival) = rival.or(beside) {
        let other = match rival.said {
            Said::Letter(other) => other.to_string(),
            Said::Several => "several letters".to_owned(),
            Said::Nothing => "something else".to_owned(),
        };
        let reason = format!("the reply settles on {letter} and on {other}");
        return Err(ambiguous(counts.rule, "two_letters", reason));
    }
    let denied = match counts.rule {
        "phrase" => {
            denied_ahead(body, counts.start)
                || is_foreign(body, counts.start)
                || is_hypothetical(body, counts.start)
        }
        "chosen" | "said" => denied_ahead(body, counts.start),
        _ => denied(body, counts.start, counts.end),
    };
    // What follows a letter in its clause may explain why the others are wrong.
    let after = body.get(counts.end..).unwrap_or("");
    if after.len() > MAX_AFTER {
        let reason = format!("the reply names {letter} and goes on for long");
        return Err(ambiguous(counts.rule, "goes_on", reason));
    }
    if denied || withdrawn(after) || turns_to_another(after, letter, options) {
        let reason = format!("the reply names {letter} and takes it back");
        return Err(ambiguous(counts.rule, "taken_back", reason));
    }
    Ok(letter)
}
