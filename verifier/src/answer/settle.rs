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
//! 6. `option` ("option b") and `bold` (`**B**`).
//!
//! Of the first three the last statement counts, and another letter in its line or after it makes
//! the reply `ambiguous`; so does a denial. The weaker rules count only when all that they find is
//! one letter. After a box or a phrase that names no option, only a line of its own still does.

use lehr_record::{Outcome, Verdict};

use super::boxed::{Around, around, boxes};
use super::chosen::chosen;
use super::denial::{denied, denied_ahead, withdrawn};
use super::extract::{conclusion, refused, tail};
use super::letter::{Said, letter_index, said, stating};
use super::mention::{Mention, called_correct, named};
use super::phrase::phrases;
use super::prose::is_filler;
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
    let explicit = explicit(body, options);
    let (letter, rule) = if let Some(counts) = strongest(&explicit) {
        (unrivalled(body, counts, &explicit)?, counts.rule)
    } else if let Some(found) = line(body, options)? {
        (found, "line")
    } else if explicit.iter().all(|statement| statement.rule == "line") {
        mentioned(body)?.ok_or_else(|| nothing(body))?
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

fn ambiguous(rule: &'static str, code: &str, reason: impl Into<String>) -> Verdict {
    refused(Outcome::Ambiguous, code, reason).with("found_by", rule)
}

fn too_many(rule: &'static str) -> Verdict {
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
        let clause = &body[phrase.clause.clone()];
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
    found.extend(chosen(body, MAX_STATEMENTS).into_iter().map(|place| {
        let clause = &body[place.letter..place.end];
        Statement {
            rule: "chosen",
            start: place.letter,
            end: place.end,
            said: said(clause, options),
        }
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

/// The statement that counts: the last of the strongest rule that names a letter.
fn strongest(explicit: &[Statement]) -> Option<&Statement> {
    ["boxed", "phrase", "chosen", "correct"]
        .iter()
        .find_map(|rule| explicit.iter().rfind(|s| s.rule == *rule && s.said != Said::Nothing))
}

/// The letter of the statement that counts, unless it is denied or another one stands against it.
fn unrivalled(body: &str, counts: &Statement, explicit: &[Statement]) -> Result<char, Verdict> {
    let Said::Letter(letter) = counts.said else {
        return Err(ambiguous(counts.rule, "two_letters", "the reply names more than one letter"));
    };
    let line = body[..counts.start].rfind('\n').map_or(0, |n| n + 1);
    // What is said elsewhere of an answer that is no option (`none of these`) is against it too.
    let rival = explicit.iter().find(|s| s.start >= line && s.said != counts.said);
    if let Some(rival) = rival {
        let other = match rival.said {
            Said::Letter(other) => other.to_string(),
            Said::Several => "several letters".to_owned(),
            Said::Nothing => "something else".to_owned(),
        };
        let reason = format!("the reply settles on {letter} and on {other}");
        return Err(ambiguous(counts.rule, "two_letters", reason));
    }
    let denied = match counts.rule {
        "phrase" | "chosen" => denied_ahead(body, counts.start),
        _ => denied(body, counts.start, counts.end),
    };
    // What follows a letter in its clause may explain why the others are wrong.
    if denied || withdrawn(&body[counts.end..]) {
        let reason = format!("the reply names {letter} and takes it back");
        return Err(ambiguous(counts.rule, "taken_back", reason));
    }
    Ok(letter)
}

/// The letter of the last line, or else of the first. Where several lines are lettered, the reply
/// restates the options, and none of them is an answer.
fn line(body: &str, options: &[String]) -> Result<Option<char>, Verdict> {
    let mut lines = body.lines().filter(|line| !line.trim().is_empty());
    let (first, last) = (lines.next(), lines.next_back());
    if let Some(last) = last.or(first)
        && let [letter] = stating(last, options).as_slice()
    {
        return Ok(Some(*letter));
    }
    if body.lines().filter(|line| is_lettered(line, options)).nth(1).is_some() {
        return Ok(None);
    }
    let found = [last, first].into_iter().flatten().find(|line| is_lettered(line, options));
    match found.map(|line| said(line, options)) {
        None | Some(Said::Nothing) => Ok(None),
        Some(Said::Letter(letter))
            if named(body, MAX_MENTIONS).iter().all(|other| other.letter == letter)
                && !withdrawn(body) =>
        {
            Ok(Some(letter))
        }
        Some(_) => Err(ambiguous("line", "two_letters", "the reply names more than one letter")),
    }
}

/// Whether a line begins with a letter set apart, or is a letter and the text of its option: `B`,
/// `B. …`, `(B) …`, `B 12 m`.
fn is_lettered(line: &str, options: &[String]) -> bool {
    // `#### B`
    let line = line.trim().trim_start_matches("####").trim_start();
    // `A: It is …` answers a `Q:`.
    if let Some(text) = line.strip_prefix("A:").map(str::trim) {
        return text.is_empty() || stating(text, options) == ['A'];
    }
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    if matches!(first, '(' | '[' | '（') {
        return chars.next().is_some_and(|c| c.is_ascii_alphabetic())
            && matches!(chars.next(), Some(')' | ']' | '）'));
    }
    if !first.is_ascii_alphabetic() {
        return false;
    }
    match chars.next() {
        None => true,
        Some(')' | '.' | ':' | '：' | '、' | '．') if first.is_ascii_uppercase() => {
            chars.next().is_none_or(char::is_whitespace)
        }
        Some('。') => chars.next().is_none(),
        Some(' ') if first.is_ascii_uppercase() => stating(chars.as_str(), options) == [first],
        Some(_) => false,
    }
}

/// The one letter that the reply names as an option or in bold.
fn mentioned(body: &str) -> Result<Option<(char, &'static str)>, Verdict> {
    let found = named(body, MAX_MENTIONS);
    let Some(&Mention { letter, rule, .. }) = found.first() else { return Ok(None) };
    if found.len() > MAX_MENTIONS {
        return Err(too_many(rule));
    }
    if found.iter().any(|other| other.letter != letter) {
        let reason = "the reply names several letters and settles on none";
        return Err(ambiguous(rule, "two_letters", reason));
    }
    let denied = found.iter().any(|m| denied(body, m.place.start, m.place.end));
    if denied || withdrawn(body) {
        let reason = format!("the reply names {letter} and takes it back");
        return Err(ambiguous(rule, "taken_back", reason));
    }
    Ok(Some((letter, rule)))
}
