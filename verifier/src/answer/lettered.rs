//! Letters that a reply only shows: lines that begin with one, and letters that are named.

use lehr_record::Verdict;

use super::denial::{denied, withdrawn};
use super::letter::{Said, label, said, stating, text_with_letter};
use super::mention::{Mention, named};
use super::settle::{MAX_MENTIONS, ambiguous, too_many};
use super::word::words;

/// How much of a clause is read around a letter, in bytes.
const MAX_CLAUSE: usize = 300;
/// How many lines at either end of a reply are looked at for letters.
const MAX_LINES: usize = 256;

/// The letter of the last line, or else of the first. Where several lines are lettered, the reply
/// restates the options, and none of them is an answer.
pub(super) fn line(body: &str, options: &[String]) -> Result<Option<char>, Verdict> {
    let mut lines = body.lines().filter(|line| !line.trim().is_empty());
    let (first, last) = (lines.next(), lines.next_back());
    if let Some(last) = last.or(first)
        && let [letter] = stating(last, options).as_slice()
    {
        return Ok(Some(*letter));
    }
    let near = || body.lines().filter(|line| !line.trim().is_empty());
    let count = near().take(2 * MAX_LINES).count();
    let lettered = |line: &&str| is_lettered(line, options);
    let several = if count < 2 * MAX_LINES {
        near().filter(lettered).nth(1).is_some()
    } else {
        near().take(MAX_LINES).chain(near().rev().take(MAX_LINES)).filter(lettered).nth(1).is_some()
    };
    if several {
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
pub(super) fn is_lettered(line: &str, options: &[String]) -> bool {
    // `#### B`
    let line = line.trim().trim_start_matches("####").trim_start();
    let brief = line.len() <= MAX_CLAUSE;
    let alone = brief && words(line).nth(1).is_none() && label(line).is_some();
    if alone || brief && matches!(text_with_letter(line, options), Some(Said::Letter(_))) {
        return true;
    }
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
        Some(' ' | ',') if first.is_ascii_uppercase() => {
            stating(chars.as_str(), options) == [first]
                || said(line, options) == Said::Letter(first)
        }
        Some(c) if ('\u{4E00}'..='\u{9FFF}').contains(&c) => {
            said(line, options) == Said::Letter(first)
        }
        Some(_) => false,
    }
}

/// The one letter that the reply names as an option or in bold.
pub(super) fn mentioned(
    body: &str,
    options: &[String],
) -> Result<Option<(char, &'static str)>, Verdict> {
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
    let settled = found.iter().any(|m| is_settled_on(body, m, options));
    Ok(settled.then_some((letter, rule)))
}

/// Whether a letter that is named is all that its clause comes to: `so it must be **B**`, and not
/// `consider option B`, `option B is out`.
fn is_settled_on(body: &str, mention: &Mention, options: &[String]) -> bool {
    const LEADS: [&str; 32] = [
        "so",
        "thus",
        "therefore",
        "hence",
        "it",
        "it's",
        "is",
        "that",
        "this",
        "which",
        "the",
        "answer",
        "correct",
        "right",
        "best",
        "must",
        "be",
        "would",
        "say",
        "i",
        "i'd",
        "think",
        "believe",
        "we",
        "my",
        "choice",
        "corresponds",
        "matches",
        "to",
        "with",
        "final",
        "namely",
    ];
    let start = mention.place.start;
    let before =
        body.get(body.ceil_char_boundary(start.saturating_sub(MAX_CLAUSE))..start).unwrap_or("");
    let clause =
        before.rsplit(['\n', '.', ',', ';', ':', '!', '?', '，', '。']).next().unwrap_or("");
    let led = words(clause).all(|word| {
        LEADS.iter().any(|lead| lead.eq_ignore_ascii_case(word))
            || ["因此", "所以", "故", "综上", "即"].contains(&word)
    });
    let at = mention.place.end.saturating_sub(1);
    let line = body.get(at..body.floor_char_boundary(at + MAX_CLAUSE)).unwrap_or("");
    let line = line.split('\n').next().unwrap_or("");
    let open = line.matches("**").count() % 2 == 1;
    let line = if open { line.replacen("**", "", 1) } else { line.to_owned() };
    let alone = label(&line) == Some(mention.letter);
    led && (alone || said(&line, options) == Said::Letter(mention.letter))
}
