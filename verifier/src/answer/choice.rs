//! Multiple choice: the letter that a reply settles on, in its usual dresses, or the text of one
//! of the options.
//!
//! The rules, strongest first: `boxed` (`\boxed{B}`), `phrase` ("the answer is (B)"), `option`
//! ("option b", "choice B"), `bold` (`**B**`), `line` (a line that is `B`, `B.`, `(B)` or `B) 12 m`),
//! `text` (a box, a phrase or the last line that is the text of exactly one option). The strongest
//! rule that finds a letter wins, and of its findings the last. Another letter of the same rule in
//! the line of the one that counts is `ambiguous`, and so is a phrase beside or after a box that
//! contradicts it.

use std::sync::LazyLock;

use lehr_record::{Outcome, Verdict};
use regex::Regex;

use super::dress::{regex, undress};
use super::extract::{conclusion, tail};
use super::{Reading, clip, read};

/// The letters of a question without listed options: `A` to `J`.
const UNLISTED: usize = 10;

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

/// A letter at a byte offset.
type At = (usize, char);

fn settle(options: &[String], reply: &str) -> Result<(char, &'static str), Verdict> {
    let (_, body) = conclusion(reply)?;
    type Search = fn(&str) -> Vec<At>;
    let searches: [(&'static str, Search); 5] = [
        ("boxed", in_boxes),
        ("phrase", in_phrases),
        ("option", in_options),
        ("bold", in_bold),
        ("line", in_lines),
    ];
    for (rule, search) in searches {
        let found = search(body);
        let Some(&(at, letter)) = found.last() else { continue };
        let line = body[..at].rfind('\n').map_or(0, |n| n + 1);
        let mut rivals = found;
        if rule == "boxed" {
            rivals.extend(in_phrases(body));
        }
        if let Some((_, other)) = rivals.iter().find(|(at, l)| *at >= line && *l != letter) {
            return Err(Verdict::new(
                Outcome::Ambiguous,
                format!("the reply settles on two letters, {other} and {letter}"),
            )
            .with("found_by", rule));
        }
        if letter_index(letter, options).is_none() {
            return Err(Verdict::new(
                Outcome::Unparseable,
                format!("the reply settles on {letter}, which is not the letter of an option"),
            )
            .with("found_by", rule));
        }
        return Ok((letter, rule));
    }
    match by_text(options, body).as_slice() {
        [letter] => Ok((*letter, "text")),
        [] => Err(Verdict::new(Outcome::Unparseable, "the reply settles on no option")
            .with("tail", tail(body, 200))),
        several => Err(Verdict::new(
            Outcome::Ambiguous,
            format!("the reply states the text of {} options", several.len()),
        )
        .with("found_by", "text")),
    }
}

fn letter_index(letter: char, options: &[String]) -> Option<usize> {
    let count = if options.is_empty() { UNLISTED } else { options.len().min(26) };
    let index = (letter as u32).checked_sub('A' as u32)? as usize;
    (index < count).then_some(index)
}

/// Collects the letters of every match: all of its groups.
fn letters(pattern: &Regex, text: &str) -> Vec<At> {
    pattern
        .captures_iter(text)
        .flat_map(|groups| {
            groups
                .iter()
                .skip(1)
                .flatten()
                .filter_map(|m| Some((m.start(), m.as_str().chars().next()?.to_ascii_uppercase())))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn in_boxes(text: &str) -> Vec<At> {
    static BOXED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\\(?:boxed|fbox)\s*\{\s*(?:\\(?:text|textbf|mathrm|mathbf)\s*\{\s*)*\(?([A-Za-z])\s*(?:[).:}]|\\)",
        )
    });
    letters(&BOXED, text)
}

fn in_phrases(text: &str) -> Vec<At> {
    // A lower-case letter alone may be the article `a`: it needs brackets, or the end of a clause.
    // A letter that is joined to another (`A or B`) is read with it.
    static PHRASE: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?:(?i)\b(?:answer|correct (?:option|choice)|right (?:option|choice))\b(?:\s+choice|\s+option)?",
            r"[\s*_]*(?:\bis\b|=|:)[\s*_:]*(?:\b(?:option|choice|letter)\b[\s*_]*)?)",
            r"(?:\$?\\(?:text|mathrm|mathbf|textbf)\{)?",
            r"(?:[(\[]\s*([A-Za-z])\s*[)\]]|([A-Z])(?:[^\w'’]|$)|([a-z])(?:[).:;,*\n]|$))",
            r"(?:\*\*)?(?:\s*(?:and|or|/|,|&)\s*[(\[]?([A-Z])(?:[)\].,:;*\s]|$))?"
        ))
    });
    letters(&PHRASE, text)
}

fn in_options(text: &str) -> Vec<At> {
    static OPTION: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:(?i)\b(?:option|choice)\b)[\s*_]*(?:[(\[]\s*([A-Za-z])\s*[)\]]|([A-Z])(?:[^\w'’]|$)|([b-hj-z])(?:[^\w'’]|$))",
        )
    });
    letters(&OPTION, text)
}

fn in_bold(text: &str) -> Vec<At> {
    static BOLD: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?:\*\*|__)\s*[(\[]?([A-Z])(?:[)\].:][^*\n]{0,200}?)?\s*(?:\*\*|__)")
    });
    letters(&BOLD, text)
}

/// Only the first and the last line. Where several lines are lettered, the reply restates the
/// options, and none of them is an answer.
fn in_lines(text: &str) -> Vec<At> {
    static LINE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\s*(?:[(\[]([A-Z])[)\]]|([A-Z])[).:](?:\s|$)|([A-Za-z])\s*$)"));
    if text.lines().filter(|l| LINE.is_match(l)).nth(1).is_some() {
        return Vec::new();
    }
    let mut lines = text.lines().filter(|l| !l.trim().is_empty());
    let first = lines.next();
    let last = lines.next_back();
    let of = |line: Option<&str>| {
        line.map(|l| letters(&LINE, l)).unwrap_or_default().into_iter().map(|(_, c)| (0, c))
    };
    let last_letters: Vec<At> = of(last).collect();
    if last_letters.is_empty() { of(first).collect() } else { last_letters }
}

/// The letters of the options whose text is what the reply ends with.
fn by_text(options: &[String], body: &str) -> Vec<char> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\\boxed\s*\{([^{}\n]{1,500})\}|\banswer[\s*_]*(?:\bis\b|:)[\s*_:]*([^\n]{1,500})",
        )
    });
    let stated = STATED
        .captures_iter(body)
        .last()
        .and_then(|groups| groups.iter().skip(1).flatten().last().map(|m| m.as_str()))
        .or_else(|| body.lines().rfind(|l| !l.trim().is_empty()));
    let Some(stated) = stated else { return Vec::new() };
    (0u8..26)
        .zip(options)
        .filter(|(_, option)| same_text(option, stated))
        .map(|(index, _)| char::from(b'A' + index))
        .collect()
}

fn same_text(option: &str, stated: &str) -> bool {
    let fold = |text: &str| undress(&clip(text, 600)).to_lowercase();
    if fold(option) == fold(stated) {
        return true;
    }
    match (read(option), read(stated)) {
        (Reading::Number(a), Reading::Number(b)) => {
            a.unit == b.unit && super::compare::agree(&a, &b)
        }
        _ => false,
    }
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
