//! Multiple choice: the letter that a reply settles on, in its usual dresses, or the text of one
//! of the options.
//!
//! The rules, strongest first:
//!
//! 1. `boxed`: `\boxed{B}`.
//! 2. `phrase`: "the answer is (B)".
//! 3. `correct`: "B is correct".
//! 4. `line`: the last line, or else the first, is `B`, `B.`, `(B)`, `B) 12 m` or the text of one
//!    option.
//! 5. `option` ("option b") and `bold` (`**B**`).
//!
//! Of the first two the last statement counts, and another letter in its line or after it makes
//! the reply `ambiguous`; so does a denial. The weaker rules count only when all that they find is
//! one letter. After a box or a phrase that names no option, only a line of its own still does.

use std::sync::LazyLock;

use lehr_record::{Outcome, Verdict};
use regex::Regex;

use super::boxed::{Around, around, boxes};
use super::denial::{denied, denied_ahead, withdrawn};
use super::dress::regex;
use super::extract::{conclusion, tail};
use super::letter::{Said, letter_index, said, stating};
use super::mention::{Mention, called_correct, named};
use super::phrase::phrases;
use super::prose::is_filler;
use super::word::words;

/// How many statements of a rule are read, from the last one back.
const MAX_STATEMENTS: usize = 16;

/// How many letters are looked at that are only named.
const MAX_MENTIONS: usize = 64;

/// Judges the letter of a reply by the known one.
///
/// `options` are the texts without letters, and may be empty when they are not known. The verdict
/// carries `answer`, `found_by` and `gold`.
pub fn check_choice(gold: char, options: &[String], reply: &str) -> Verdict {
    let gold = gold.to_ascii_uppercase();
    if letter_index(gold, options).is_none() {
        return Verdict::new(
            Outcome::Error,
            format!("the known answer {gold:?} is not the letter of an option"),
        )
        .with("options", options.len());
    }
    match settle(options, reply) {
        Ok((letter, rule)) => {
            let verdict = if letter == gold {
                Verdict::new(Outcome::Correct, format!("the reply settles on {letter}"))
            } else {
                Verdict::new(Outcome::Wrong, format!("the reply settles on {letter}, not {gold}"))
            };
            verdict
                .with("answer", letter.to_string())
                .with("found_by", rule)
                .with("gold", gold.to_string())
        }
        Err(verdict) => verdict.with("gold", gold.to_string()),
    }
}

/// The letter that a reply settles on, in upper case.
///
/// # Errors
/// A verdict `unparseable` (no letter, or one that no option has), `ambiguous` or `over_budget`.
pub fn extract_choice(options: &[String], reply: &str) -> Result<char, Verdict> {
    settle(options, reply).map(|(letter, _)| letter)
}

/// What a reply says at one place.
struct Statement {
    rule: &'static str,
    start: usize,
    end: usize,
    said: Said,
}

fn settle(options: &[String], reply: &str) -> Result<(char, &'static str), Verdict> {
    let (_, body) = conclusion(reply)?;
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
        return Err(Verdict::new(
            Outcome::Unparseable,
            format!("the reply settles on {letter}, which is not the letter of an option"),
        )
        .with("found_by", rule));
    }
    Ok((letter, rule))
}

fn nothing(body: &str) -> Verdict {
    Verdict::new(Outcome::Unparseable, "the reply settles on no option")
        .with("tail", tail(body, 200))
}

fn ambiguous(rule: &'static str, reason: impl Into<String>) -> Verdict {
    Verdict::new(Outcome::Ambiguous, reason).with("found_by", rule)
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
    let phrases = phrases(body);
    for phrase in &phrases[phrases.len().saturating_sub(MAX_STATEMENTS)..] {
        let clause = &body[phrase.clause.clone()];
        // `a` may be the letter.
        let empty = is_filler(clause) && words(clause).all(|word| word.len() > 1);
        if !clause.contains("\\boxed") && !empty {
            // What follows the letter was judged with it.
            let (start, end) = (phrase.start, phrase.clause.end);
            let said = if clause.trim_end().ends_with('?') {
                Said::Several
            } else {
                said(clause, options)
            };
            found.push(Statement { rule: "phrase", start, end, said });
        }
    }
    let judged = called_correct(body);
    let agreed = judged.windows(2).all(|pair| pair[0].letter == pair[1].letter);
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
    ["boxed", "phrase", "correct"]
        .iter()
        .find_map(|rule| explicit.iter().rfind(|s| s.rule == *rule && s.said != Said::Nothing))
}

/// The letter of the statement that counts, unless it is denied or another one stands against it.
fn unrivalled(body: &str, counts: &Statement, explicit: &[Statement]) -> Result<char, Verdict> {
    let Said::Letter(letter) = counts.said else {
        return Err(ambiguous(counts.rule, "the reply names more than one letter"));
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
        return Err(ambiguous(counts.rule, reason));
    }
    let denied = match counts.rule {
        "phrase" => denied_ahead(body, counts.start),
        _ => denied(body, counts.start, counts.end),
    };
    // What follows a letter in its clause may explain why the others are wrong.
    if denied || withdrawn(&body[counts.end..]) {
        return Err(ambiguous(counts.rule, format!("the reply names {letter} and takes it back")));
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
            if named(body).iter().all(|other| other.letter == letter) && !withdrawn(body) =>
        {
            Ok(Some(letter))
        }
        Some(_) => Err(ambiguous("line", "the reply names more than one letter")),
    }
}

/// Whether a line begins with a letter set apart: `B`, `B. …`, `(B) …`.
fn is_lettered(line: &str, options: &[String]) -> bool {
    static LETTERED: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s*(?:[(\[][A-Za-z][)\]]|[A-Z][).:](?:\s|$)|[A-Za-z]\s*$)"));
    // `A: It is …` answers a `Q:`.
    let reply = line.trim().strip_prefix("A:").map(str::trim);
    let own = reply.is_none_or(|text| text.is_empty() || stating(text, options) == ['A']);
    LETTERED.is_match(line) && own
}

/// The one letter that the reply names as an option or in bold.
fn mentioned(body: &str) -> Result<Option<(char, &'static str)>, Verdict> {
    let found = named(body);
    let Some(&Mention { letter, rule, .. }) = found.first() else { return Ok(None) };
    if found.len() > MAX_MENTIONS {
        let reason = format!("the reply names letters {} times", found.len());
        return Err(Verdict::new(Outcome::OverBudget, reason).with("limit", "mentions"));
    }
    if found.iter().any(|other| other.letter != letter) {
        return Err(ambiguous(rule, "the reply names several letters and settles on none"));
    }
    let denied = found.iter().any(|m| denied(body, m.place.start, m.place.end));
    if denied || withdrawn(body) {
        return Err(ambiguous(rule, format!("the reply names {letter} and takes it back")));
    }
    Ok(Some((letter, rule)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn options() -> Vec<String> {
        ["6 m", "12 m", "18 m", "24 m"].map(str::to_owned).to_vec()
    }

    #[test]
    fn a_letter_is_found_in_every_dress() {
        for reply in [
            "The answer is (B)",
            "The answer is B.",
            "The answer is B because it fits.",
            "the answer is b",
            "The answer is (b).",
            "Answer: B",
            "**Answer:** B",
            "**Answer: B**",
            "The correct option is B",
            "The correct answer is **B) 12 m**.",
            "The answer is option b.",
            "I choose option b",
            "It must be **B**",
            "**B) 12 m**",
            "B",
            "B.",
            "(B)",
            "b",
            "B) 12 m",
            "B. It follows from the data.\nSo the length doubles.",
            "\\boxed{B}",
            "\\boxed{\\text{B}}",
            "\\boxed{(B)}",
            "\\boxed{B) 12 m}",
            "\\boxed{12 m}",
            "The answer is 12 m",
            "So it is\n\n12 m",
            "Option A is too short, so the answer is B.",
            "Option A is wrong.\nTherefore B is correct, because option C is too large.",
            "A is too short, so B must be right.",
            "The answer is B, not C.",
            "The answer is B. 12 m",
            "The answer is clear.\nB",
            "The answer is A.\nWait.\nThe answer is B.",
            "<think>The answer is A</think>B",
            "The answer is $\\text{B}$",
        ] {
            assert_eq!(extract_choice(&options(), reply), Ok('B'), "{reply}");
        }
    }

    #[test]
    fn what_settles_on_nothing_is_said_to_be_so() {
        for (reply, outcome) in [
            ("", Outcome::Unparseable),
            ("The answer is a matter of taste", Outcome::Unparseable),
            ("The answer is I think", Outcome::Unparseable),
            ("The answer is (F)", Outcome::Unparseable),
            ("13 m", Outcome::Unparseable),
            ("A) 6 m\nB) 12 m\nC) 18 m\nHard to say.", Outcome::Unparseable),
            ("The answer is C; the text of none: 13 m", Outcome::Ambiguous),
            ("The answer is B.\nThe answer is none of these.", Outcome::Ambiguous),
            ("The answer is B.\nWait, that is wrong.", Outcome::Ambiguous),
            ("I doubt that the answer is B.", Outcome::Ambiguous),
            ("The answer is not B.", Outcome::Ambiguous),
            ("The answer is B?", Outcome::Ambiguous),
            ("It is not **A**.", Outcome::Ambiguous),
            ("Option A is wrong.", Outcome::Ambiguous),
            ("Option A or option B", Outcome::Ambiguous),
            ("Neither A nor B is correct", Outcome::Unparseable),
            ("If B is correct, we are done", Outcome::Unparseable),
            ("A is correct. B is correct.", Outcome::Ambiguous),
            ("Answer: A chemical change", Outcome::Unparseable),
            ("The answer is A, B", Outcome::Ambiguous),
            ("The answer is A/B", Outcome::Ambiguous),
            ("\\boxed{(A), (C)}", Outcome::Ambiguous),
            ("\\boxed{A\\text{ or }B}", Outcome::Ambiguous),
            ("\\boxed{13 m}\nIt is **B**", Outcome::Unparseable),
            ("The answer is A or B", Outcome::Ambiguous),
            ("The answer is (A) and (B)", Outcome::Ambiguous),
            ("\\boxed{A} or \\boxed{B}", Outcome::Ambiguous),
            ("\\boxed{B}\nThe answer is (C)", Outcome::Ambiguous),
        ] {
            let verdict = extract_choice(&options(), reply).map_err(|v| v.verdict);
            assert_eq!(verdict, Err(outcome), "{reply}");
        }
    }

    #[test]
    fn hostile_replies_are_searched_to_the_end() {
        for reply in ["\\boxed{a", "\\boxed{A} ", "answer: A\n", "**A** ", "option A ", "A\n", "**"]
        {
            let _ = extract_choice(&options(), &reply.repeat(900_000 / reply.len()));
        }
        let verdict = check_choice('A', &options(), &"option A ".repeat(MAX_MENTIONS + 1));
        assert_eq!(verdict.verdict, Outcome::OverBudget);
    }

    #[test]
    fn letters_are_judged() {
        for (gold, reply, outcome) in [
            ('B', "The answer is (B)", Outcome::Correct),
            ('b', "The answer is (B)", Outcome::Correct),
            ('A', "The answer is (B)", Outcome::Wrong),
            ('Z', "The answer is (B)", Outcome::Error),
            ('A', "none", Outcome::Unparseable),
        ] {
            assert_eq!(check_choice(gold, &options(), reply).verdict, outcome, "{gold} {reply}");
        }
        assert!(check_choice('C', &[], "C").is_correct());
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_a_panic(reply in any::<String>()) {
            let _ = extract_choice(&options(), &reply);
        }

        #[test]
        fn any_dressing_is_searched_without_a_panic(reply in "(answer|is|option|\\(|A|b|\\)|\\*\\*|\\\\boxed\\{|\\}|:|\n| |é|or)*") {
            let _ = extract_choice(&options(), &reply);
        }
    }
}
