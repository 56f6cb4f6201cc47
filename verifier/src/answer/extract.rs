//! Finds where a reply states its final answer, and decides which statement counts.
//!
//! The rules, strongest first ([`Rule`]):
//!
//! 1. `boxed`: `\boxed{…}` with balanced braces; of nested boxes the inner one.
//! 2. `marker`: a line `#### …`.
//! 3. `phrase`: "the answer is …", "Final answer: …".
//! 4. `last_number`: the last number of the text, when nothing explicit was said.
//!
//! The strongest rule that finds anything wins, and of its findings the last one. Thinking between
//! `<think>` and `</think>` is not searched; a reply that ends inside its thinking has no answer.
//!
//! The reply is **ambiguous** when the answer that would count is contradicted by another explicit
//! one that stands in the same line or after it. An earlier line may be corrected by a later one.

use std::sync::LazyLock;

use lehr_record::{Outcome, Verdict};
use regex::Regex;
use serde::Serialize;

use super::dress::regex;
use super::number::read_head;
use super::{MAX_ANSWER, MAX_REPLY, Number, Reading, clip, read};

/// How an answer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The last number of the text, for want of anything explicit.
    LastNumber,
    /// "The answer is …".
    Phrase,
    /// A line `#### …`.
    Marker,
    /// `\boxed{…}`.
    Boxed,
}

impl Rule {
    /// The name used in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LastNumber => "last_number",
            Self::Phrase => "phrase",
            Self::Marker => "marker",
            Self::Boxed => "boxed",
        }
    }
}

/// One statement of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The stated text, as it stands in the reply.
    pub text: String,
    /// How it was found.
    pub rule: Rule,
    /// Where it starts: a byte offset in the reply.
    pub at: usize,
    /// What it says.
    pub reading: Reading,
}

/// The answer that counts, and all that were considered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The statement that counts.
    pub answer: Found,
    /// Every statement found, in the order of the reply; the last 16 of them.
    pub chain: Vec<Found>,
}

/// How many statements are kept as evidence.
const MAX_CHAIN: usize = 16;
/// How much of a line after "the answer is" is read, in bytes.
const MAX_CLAUSE: usize = 300;
/// How much of the end of a reply is searched for a last number, in bytes.
const MAX_TAIL: usize = 4096;

/// Finds the final answer of a reply.
///
/// # Errors
/// A verdict `unparseable` (no answer), `ambiguous` or `over_budget`, with the statements found.
pub fn extract_final(reply: &str) -> Result<Extraction, Verdict> {
    let (start, body) = conclusion(reply)?;
    let mut found = boxed(body);
    found.extend(markers(body));
    found.extend(phrases(body));
    if found.is_empty() {
        found.extend(last_number(body));
    }
    for item in &mut found {
        item.at += start;
    }
    let strongest = found.iter().map(|f| f.rule).max();
    let Some(answer) =
        found.iter().filter(|f| Some(f.rule) == strongest).max_by_key(|f| f.at).cloned()
    else {
        return Err(Verdict::new(Outcome::Unparseable, "the reply states no answer")
            .with("tail", tail(body, 200)));
    };
    found.sort_by_key(|f| f.at);
    let line = reply[..answer.at].rfind('\n').map_or(0, |n| n + 1);
    let contrary = found.iter().find(|f| f.at >= line && contradicts(&f.reading, &answer.reading));
    let contrary = contrary.cloned();
    let chain = found.split_off(found.len().saturating_sub(MAX_CHAIN));
    if let Some(contrary) = contrary {
        return Err(Verdict::new(
            Outcome::Ambiguous,
            format!(
                "the reply ends with two different answers, {} and {}",
                clip(&contrary.text, 60),
                clip(&answer.text, 60)
            ),
        )
        .with("candidates", chain_evidence(&chain)));
    }
    Ok(Extraction { answer, chain })
}

/// The statements as JSON, for a verdict.
pub(super) fn chain_evidence(chain: &[Found]) -> serde_json::Value {
    chain
        .iter()
        .map(|f| {
            serde_json::json!({"text": clip(&f.text, 200), "found_by": f.rule.as_str(), "at": f.at})
        })
        .collect()
}

/// The part of a reply that is searched, with its offset: all after the thinking.
pub(crate) fn conclusion(reply: &str) -> Result<(usize, &str), Verdict> {
    if reply.len() > MAX_REPLY {
        return Err(Verdict::new(
            Outcome::OverBudget,
            format!("the reply has {} bytes; at most {MAX_REPLY} are searched", reply.len()),
        )
        .with("limit", "reply"));
    }
    const CLOSE: &str = "</think>";
    let start = reply.rfind(CLOSE).map_or(0, |at| at + CLOSE.len());
    if reply[start..].contains("<think>") {
        return Err(Verdict::new(Outcome::Unparseable, "the reply ends inside its thinking")
            .with("tail", tail(reply, 200)));
    }
    Ok((start, &reply[start..]))
}

/// The end of a text, cut at a character border.
pub(crate) fn tail(text: &str, most: usize) -> &str {
    let mut from = text.len().saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

fn contradicts(a: &Reading, b: &Reading) -> bool {
    match (a, b) {
        (Reading::Number(a), Reading::Number(b)) => !super::compare::agree(a, b),
        (Reading::Other(a), Reading::Other(b)) => a.replace(' ', "") != b.replace(' ', ""),
        // Of a number and an expression nobody here can tell.
        _ => false,
    }
}

fn boxed(text: &str) -> Vec<Found> {
    // One pass with a stack of open braces: linear, however deep they nest.
    const BOXES: [&str; 2] = ["\\boxed", "\\fbox"];
    let bytes = text.as_bytes();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut found: Vec<Found> = Vec::new();
    let mut push = |from: usize, to: usize, command: usize| {
        let content = &text[from..to];
        if !BOXES.iter().any(|b| content.trim_start().starts_with(b)) {
            found.push(Found {
                text: content.trim().to_owned(),
                rule: Rule::Boxed,
                at: command,
                reading: read(content),
            });
        }
    };
    // Where each open box started, beside the stack of braces.
    let mut commands: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                let Some(command) = BOXES.iter().find(|b| text[at..].starts_with(**b)) else {
                    // An escaped brace is text.
                    at += 2;
                    continue;
                };
                let mut after = at + command.len();
                while bytes.get(after) == Some(&b' ') {
                    after += 1;
                }
                if bytes.get(after) == Some(&b'{') {
                    commands.push(at);
                    open.push(Some(after + 1));
                    after += 1;
                } else {
                    let end = text[after..]
                        .find(|c: char| c.is_whitespace() || c == '$')
                        .map_or(text.len(), |n| after + n);
                    if end > after && end - after < 40 && after > at + command.len() {
                        push(after, end, at);
                    }
                }
                at = after;
                continue;
            }
            b'{' => open.push(None),
            b'}' => {
                if let Some(Some(from)) = open.pop()
                    && let Some(command) = commands.pop()
                {
                    push(from, at, command);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

fn markers(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(rest) = line.trim_start().strip_prefix("####")
            && !rest.starts_with('#')
        {
            let reading = match read(rest) {
                Reading::Other(plain) => {
                    read_head(rest).map_or(Reading::Other(plain), Reading::Number)
                }
                reading => reading,
            };
            // `#### Step 2: halve it` is a heading.
            if matches!(reading, Reading::Number(_) | Reading::OverBudget(_)) {
                found.push(Found { text: rest.trim().to_owned(), rule: Rule::Marker, at, reading });
            }
        }
        at += line.len();
    }
    found
}

fn phrases(text: &str) -> Vec<Found> {
    static PHRASE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\banswer(?:\s+(?:to|for|of)\s[^.:\n]{1,80}?)?[\s*_]*(?:\bis\b|\bequals\b|=|:|\bwould be\b)[\s*_]*:?[ \t*_]*|\bfinal answer[*_# \t]*\n+[*_ \t]*",
        )
    });
    let mut found = Vec::new();
    let mut clause_end = 0;
    for phrase in PHRASE.find_iter(text) {
        let at = phrase.end();
        let rest = &text[at..text.floor_char_boundary(at + MAX_CLAUSE)];
        let clause = rest.split('\n').next().unwrap_or("");
        // `the answer is: The answer is 5` is one statement.
        if phrase.start() < clause_end {
            found.pop_if(|f: &mut Found| matches!(f.reading, Reading::Other(_)));
        }
        clause_end = at + clause.len();
        if clause.contains("\\boxed") {
            continue;
        }
        let clause = first_sentence(clause);
        let reading = read_clause(clause);
        if clause.is_empty() || (matches!(&reading, Reading::Other(o) if !looks_formal(o))) {
            continue;
        }
        found.push(Found {
            text: clause.trim_matches(['*', ' ', '\r']).to_owned(),
            rule: Rule::Phrase,
            at,
            reading,
        });
    }
    found
}

/// Up to the end of the sentence: a full stop that is followed by a space.
fn first_sentence(clause: &str) -> &str {
    clause.find(". ").map_or(clause, |at| &clause[..at]).trim()
}

/// Whether a text that is not a number is mathematics rather than prose.
fn looks_formal(text: &str) -> bool {
    text.contains(['\\', '^', '=', '+', '(', '[', '|', '/'])
        || text.contains(|c: char| c.is_ascii_digit())
}

/// The number that a clause of prose states, or the clause as it is.
fn read_clause(clause: &str) -> Reading {
    match read(clause) {
        Reading::Other(plain) => match read_head(clause).or_else(|| only_number(&plain)) {
            Some(number) => Reading::Number(number),
            None => Reading::Other(plain),
        },
        reading => reading,
    }
}

/// The number of a clause in plain words that has exactly one.
fn only_number(plain: &str) -> Option<Number> {
    let prose = |c: char| c.is_alphanumeric() || " .,'-%$\u{FF04}".contains(c);
    let mut words = plain.split(' ').filter(|w| w.contains(|c: char| c.is_ascii_digit()));
    let word = words.next()?;
    let only = words.next().is_none() && plain.len() <= MAX_CLAUSE && plain.chars().all(prose);
    match read(word) {
        Reading::Number(number) if only && plain.contains(' ') => Some(number),
        _ => None,
    }
}

fn last_number(text: &str) -> Option<Found> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"\\[dtc]?frac\s*\{-?\d+\}\s*\{\d+\}|\\?\$?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?(?:\s?/\s?\d+)?(?:\s?\\?%)?",
        )
    });
    let end = tail(text, MAX_TAIL);
    let base = text.len() - end.len();
    let found = NUMBER
        .find_iter(end)
        .filter(|m| {
            // Digits glued to a name, an exponent or a list marker are no answer.
            let before = end[..m.start()].chars().next_back();
            let after = end[m.end()..].chars().next();
            before.is_none_or(|c| !c.is_alphanumeric() && !"_^.".contains(c))
                && after.is_none_or(|c| !"^_".contains(c))
        })
        .last()?;
    let mut at = found.start();
    let before = end[..at].chars().next_back();
    if let Some(sign @ ('-' | '−')) = before {
        let earlier = end[..at - sign.len_utf8()].chars().next_back();
        let minus = earlier.is_none_or(|c| !c.is_alphanumeric() && !")}]".contains(c));
        if minus {
            at -= sign.len_utf8();
        }
    }
    let stated = end[at..found.end()].trim_end_matches(',');
    let reading = read(stated);
    (stated.len() <= MAX_ANSWER).then(|| Found {
        text: stated.to_owned(),
        rule: Rule::LastNumber,
        at: base + at,
        reading,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rule and the text that counts, or the outcome of the refusal.
    fn extract(reply: &str) -> Result<(Rule, String), Outcome> {
        match extract_final(reply) {
            Ok(found) => Ok((found.answer.rule, found.answer.text)),
            Err(verdict) => Err(verdict.verdict),
        }
    }

    #[test]
    fn the_stated_answer_is_found() {
        for (reply, rule, text) in [
            ("so \\boxed{42}.", Rule::Boxed, "42"),
            ("\\boxed{\\frac{1}{2}}", Rule::Boxed, "\\frac{1}{2}"),
            ("\\boxed{\\boxed{7}}", Rule::Boxed, "7"),
            ("\\boxed 7 and so on", Rule::Boxed, "7"),
            ("\\fbox{7}", Rule::Boxed, "7"),
            ("first \\boxed{3}\nbut no:\n\\boxed{4}", Rule::Boxed, "4"),
            ("{ unbalanced \\boxed{5}", Rule::Boxed, "5"),
            ("} unbalanced \\boxed{5}", Rule::Boxed, "5"),
            ("\\{ \\boxed{5}", Rule::Boxed, "5"),
            ("\\boxed{6", Rule::LastNumber, "6"),
            ("Sum: 3\n#### 72", Rule::Marker, "72"),
            ("#### Step 2\nThe answer is 9.", Rule::Phrase, "9."),
            ("The answer is 42.", Rule::Phrase, "42."),
            ("The answer is: **42**", Rule::Phrase, "42"),
            ("**Answer:** 42 apples", Rule::Phrase, "42 apples"),
            ("**Final Answer**\n\n42", Rule::Phrase, "42"),
            (
                "The final answer is $\\frac{3}{4}$. I hope it is correct.",
                Rule::Phrase,
                "$\\frac{3}{4}$",
            ),
            ("The answer to the question is 5", Rule::Phrase, "5"),
            ("The answer is in the table.\nSo 12 it is.", Rule::LastNumber, "12"),
            ("3 + 4 = 7", Rule::LastNumber, "7"),
            ("It falls to -7 degrees", Rule::LastNumber, "-7"),
            ("10-3", Rule::LastNumber, "3"),
            ("costs $1,234.50, in all.", Rule::LastNumber, "$1,234.50"),
            ("about \\frac{3}{4} of it", Rule::LastNumber, "\\frac{3}{4}"),
            ("<think>\\boxed{1}</think>It is \\boxed{2}", Rule::Boxed, "2"),
            ("The answer is 4.\nLet me check.\nThe answer is 5.", Rule::Phrase, "5."),
        ] {
            assert_eq!(extract(reply), Ok((rule, text.to_owned())), "{reply}");
        }
    }

    #[test]
    fn no_answer_or_several_are_said_to_be_so() {
        let long = "1".repeat(MAX_REPLY + 1);
        for (reply, outcome) in [
            ("", Outcome::Unparseable),
            ("I do not know.", Outcome::Unparseable),
            ("<think>so \\boxed{3}", Outcome::Unparseable),
            ("\\boxed{3} or \\boxed{4}", Outcome::Ambiguous),
            ("\\boxed{3}\nThe answer is 4.", Outcome::Ambiguous),
            ("\\boxed{3}\n#### 4", Outcome::Ambiguous),
            (&long, Outcome::OverBudget),
        ] {
            assert_eq!(extract(reply), Err(outcome), "{}", clip(reply, 60));
        }
        assert!(extract("\\boxed{3}\nThe answer is 3.0.").is_ok());
        assert!(extract("\\boxed{3} that is \\boxed{3}").is_ok());
    }

    #[test]
    fn hostile_replies_take_linear_time() {
        for reply in [
            "\\boxed{".repeat(MAX_REPLY / 7),
            "{".repeat(MAX_REPLY),
            "}".repeat(MAX_REPLY),
            "9".repeat(MAX_REPLY),
            "answer ".repeat(MAX_REPLY / 7),
            "answer: ".repeat(MAX_REPLY / 8),
            "answer is: 1\n".repeat(MAX_REPLY / 13),
            "\\boxed{1} ".repeat(MAX_REPLY / 10),
            "\\".repeat(MAX_REPLY),
        ] {
            let _ = extract_final(&reply);
        }
    }

    proptest! {
        #[test]
        fn a_box_is_found_in_any_text(before in "[a-z \n.$]{0,40}", n in any::<i32>(), after in "[a-z \n.]{0,40}") {
            let found = extract(&format!("{before}\\boxed{{{n}}}{after}"));
            prop_assert_eq!(found, Ok((Rule::Boxed, n.to_string())));
        }

        #[test]
        fn any_text_is_searched_without_a_panic(reply in any::<String>()) {
            let _ = extract_final(&reply);
        }

        #[test]
        fn any_dressing_is_searched_without_a_panic(reply in "(answer|is|:|\\\\boxed|\\{|\\}|####|-|\n| |3|é|\\$|\\*|/|\\.|,|−)*") {
            let _ = extract_final(&reply);
        }
    }
}
