//! Finds where a reply states its final answer, and decides which statement counts.
//!
//! The rules, strongest first ([`Rule`]):
//!
//! 1. `boxed`: `\boxed{…}` with balanced braces; of nested boxes the inner one.
//! 2. `marker`: a line `#### …` that is a number, or the last line.
//! 3. `phrase`: "the answer is …", "Final answer: …".
//! 4. `last_number`: the last sentence with a number, when nothing explicit was said, if it has
//!    only one and no word in it changes that number.
//!
//! The strongest rule that finds anything wins, and of its findings the last one. Thinking between
//! `<think>` and `</think>` is not searched; a reply that ends inside its thinking or inside a box
//! has no answer.
//!
//! The reply is **ambiguous** when the answer that would count is contradicted by another explicit
//! one that stands in the same line or after it, or is denied there. An earlier line may be
//! corrected by a later one.

use lehr_record::{Outcome, Verdict};
use serde::Serialize;

use super::boxed::{Around, Boxed, around, boxes};
use super::denial::{denied, denied_ahead, withdrawn};
use super::last_number::last_number;
use super::phrase::{Phrase, first_sentence, phrases};
use super::prose::{Lead, is_filler, stated, unsettles};
use super::reader::Stop;
use super::unit::Kind;
use super::word::words;
use super::{MAX_REPLY, Reading, clip, read};

/// How an answer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The number of the last sentence that has one, for want of anything explicit.
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

/// How many statements of a rule are read, from the last one back, and kept as evidence.
const MAX_CHAIN: usize = 16;

/// Finds the final answer of a reply.
///
/// # Errors
/// A verdict `unparseable` (no answer), `ambiguous` or `over_budget`, with the statements found.
pub fn extract_final(reply: &str) -> Result<Extraction, Verdict> {
    let (start, body) = conclusion(reply)?;
    let boxes = boxes(body);
    if boxes.open.is_some() {
        return Err(Verdict::new(Outcome::Unparseable, "the reply ends inside a box")
            .with("tail", tail(body, 200)));
    }
    let mut statements = Statements::default();
    statements.read(&boxes.closed, |b| b.whole.start, |b| Some(read_box(body, b)));
    statements.read(&lines(body), |(at, _)| *at, |(at, line)| read_marker(body, *at, line));
    statements.read(&phrases(body), |p| p.clause.start, |p| read_phrase(body, p));
    if statements.found.is_empty() {
        statements.found.extend(last_number(body).map(|found| (found, false)));
    }
    let Statements { mut found, unread } = statements;
    let strongest = found.iter().map(|(f, _)| f.rule).max();
    let last = found.iter().filter(|(f, _)| Some(f.rule) == strongest).max_by_key(|(f, _)| f.at);
    let Some((answer, denied)) = last.cloned() else {
        return Err(Verdict::new(Outcome::Unparseable, "the reply states no answer")
            .with("tail", tail(body, 200)));
    };
    found.sort_by_key(|(f, _)| f.at);
    let line = body[..answer.at].rfind('\n').map_or(0, |n| n + 1);
    if unread.is_some_and(|at| at >= line) {
        return Err(Verdict::new(
            Outcome::OverBudget,
            format!("the reply ends with more than {MAX_CHAIN} statements of an answer"),
        )
        .with("limit", "statements"));
    }
    let contrary = found
        .iter()
        .find(|(f, _)| f.at >= line && contradicts(&f.reading, &answer.reading))
        .map(|(f, _)| clip(&f.text, 60));
    let mut chain: Vec<Found> = found.into_iter().map(|(f, _)| f).collect();
    for item in &mut chain {
        item.at += start;
    }
    let chain = chain.split_off(chain.len().saturating_sub(MAX_CHAIN));
    let stated = clip(&answer.text, 60);
    let doubt = match contrary {
        Some(other) => format!("the reply ends with two different answers, {other} and {stated}"),
        None if denied || withdrawn(&body[answer.at + answer.text.len()..]) => {
            format!("the reply states {stated} and takes it back")
        }
        None => {
            let answer = Found { at: answer.at + start, ..answer };
            return Ok(Extraction { answer, chain });
        }
    };
    Err(Verdict::new(Outcome::Ambiguous, doubt).with("candidates", chain_evidence(&chain)))
}

/// What was read so far, each with whether it is denied where it stands.
#[derive(Default)]
struct Statements {
    found: Vec<(Found, bool)>,
    /// Where the last statement starts that was passed over for the bound.
    unread: Option<usize>,
}

impl Statements {
    /// Reads places from the last one back, until as many are statements as are kept.
    fn read<T>(
        &mut self,
        places: &[T],
        at: impl Fn(&T) -> usize,
        read: impl Fn(&T) -> Option<(Found, bool)>,
    ) {
        // A place that is no statement costs as much as one that is.
        let (unread, near) = places.split_at(places.len().saturating_sub(MAX_CHAIN));
        self.found.extend(near.iter().filter_map(read));
        self.unread = self.unread.max(unread.last().map(at));
    }
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
    &text[text.ceil_char_boundary(text.len().saturating_sub(most))..]
}

/// Whether two statements cannot both be the answer, or nobody here can tell.
fn contradicts(a: &Reading, b: &Reading) -> bool {
    match (a, b) {
        (Reading::Number(a), Reading::Number(b)) => {
            let units = a.unit.as_ref().zip(b.unit.as_ref());
            a.value() != b.value() || units.is_some_and(|(a, b)| a.name != b.name)
        }
        (Reading::Other(a), Reading::Other(b)) => a != b,
        (Reading::Number(_), Reading::Other(_)) | (Reading::Other(_), Reading::Number(_)) => true,
        (Reading::Empty | Reading::OverBudget(_), _)
        | (_, Reading::Empty | Reading::OverBudget(_)) => false,
    }
}

fn read_box(body: &str, found: &Boxed) -> (Found, bool) {
    let content = &body[found.content.clone()];
    let reading = match (around(body, &found.whole), read(content)) {
        (Around::Free(Some(unit)), Reading::Number(mut number)) => {
            number.unit.get_or_insert(unit);
            Reading::Number(number)
        }
        (Around::Free(_), reading) => reading,
        (Around::Part, reading @ (Reading::Empty | Reading::OverBudget(_))) => reading,
        (Around::Part, _) => Reading::Other(format!("… {} …", clip(content, 200))),
    };
    let text = content.trim();
    let at = found.content.start + (content.len() - content.trim_start().len());
    let denied = denied(body, found.whole.start, found.whole.end);
    (Found { text: text.to_owned(), rule: Rule::Boxed, at, reading }, denied)
}

/// The lines `#### …` with the offsets of what follows the marks.
fn lines(body: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
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

/// `#### 2. Calculate the total` is a heading: elsewhere than at the end only a number counts.
fn read_marker(body: &str, at: usize, line: &str) -> Option<(Found, bool)> {
    let last = body.get(at + line.len()..).is_none_or(|after| after.trim().is_empty());
    let reading = match read(line) {
        Reading::Empty => return None,
        Reading::Other(plain) if last => match stated(line, Lead::Filler) {
            Ok(number) => Reading::Number(number),
            Err(Stop::TooLarge(what)) => Reading::OverBudget(what),
            Err(Stop::NotANumber) => Reading::Other(plain),
        },
        Reading::Other(_) => return None,
        Reading::Number(number) => {
            let noun = number.unit.as_ref().is_some_and(|unit| unit.kind == Kind::Noun);
            if noun && !last {
                return None;
            }
            Reading::Number(number)
        }
        reading @ Reading::OverBudget(_) => reading,
    };
    Some((Found { text: line.to_owned(), rule: Rule::Marker, at, reading }, false))
}

fn read_phrase(body: &str, phrase: &Phrase) -> Option<(Found, bool)> {
    let clause = &body[phrase.clause.clone()];
    if clause.contains("\\boxed") || clause.trim_end().ends_with(':') || is_filler(clause) {
        return None;
    }
    let sentence = first_sentence(clause).trim_end();
    // Prose has exclamation marks, mathematics factorials.
    let sentence = sentence.strip_suffix('!').filter(|s| !s.ends_with('!')).unwrap_or(sentence);
    let reading = match read(sentence) {
        Reading::Other(plain) => match stated(sentence, Lead::Filler) {
            Ok(number) => Reading::Number(number),
            Err(Stop::TooLarge(what)) => Reading::OverBudget(what),
            Err(Stop::NotANumber) if points_elsewhere(sentence, phrase.heading) => return None,
            Err(Stop::NotANumber) => Reading::Other(plain),
        },
        Reading::Empty => return None,
        reading => reading,
    };
    let at = phrase.clause.start + (clause.len() - clause.trim_start().len());
    // The words behind the answer were judged with it.
    let denied = denied_ahead(body, phrase.start) || sentence.ends_with('?');
    let text = sentence.trim().to_owned();
    Some((Found { text, rule: Rule::Phrase, at, reading }, denied))
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
    let first = words(clause).next().unwrap_or("");
    let pointer = POINTERS.iter().any(|pointer| first.eq_ignore_ascii_case(pointer))
        && clause.chars().all(|c| c.is_alphabetic() || " ,.;'".contains(c));
    let leading = heading && words(clause).nth(3).is_some();
    (pointer || leading) && !unsettles(clause)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rule and the text that counts, or the outcome of the refusal.
    fn extract(reply: &str) -> Result<(Rule, String), Outcome> {
        match extract_final(reply) {
            Ok(found) => {
                let Found { text, rule, at, .. } = found.answer;
                assert!(reply[at..].starts_with(&text), "{reply}");
                Ok((rule, text))
            }
            Err(verdict) => Err(verdict.verdict),
        }
    }

    #[test]
    fn the_stated_answer_is_found() {
        for (reply, rule, text) in [
            ("so \\boxed{42}.", Rule::Boxed, "42"),
            ("\\boxed{\\boxed{7}}", Rule::Boxed, "7"),
            ("\\boxed 7 and so on", Rule::Boxed, "7"),
            ("first \\boxed{3}\nbut no:\n\\boxed{4}", Rule::Boxed, "4"),
            ("Sum: 3\n#### 72", Rule::Marker, "72"),
            ("Sum: 3\n#### 72 clips", Rule::Marker, "72 clips"),
            ("#### 72\nIt is done.", Rule::Marker, "72"),
            ("#### Step 2\nThe answer is 9.", Rule::Phrase, "9."),
            ("#### 2. Calculate the total\nThe answer is 9.", Rule::Phrase, "9."),
            ("#### 2 Methods\nThe answer is 9.", Rule::Phrase, "9."),
            ("The answer is 42.", Rule::Phrase, "42."),
            ("The answer is 42!", Rule::Phrase, "42"),
            ("The answer is: **42**", Rule::Phrase, "**42**"),
            ("**Answer:** 42 apples", Rule::Phrase, "42 apples"),
            ("**Answer: 42**", Rule::Phrase, "42"),
            ("**Final Answer**\n\n42", Rule::Phrase, "42"),
            (
                "The final answer is $\\frac{3}{4}$. I hope it is correct.",
                Rule::Phrase,
                "$\\frac{3}{4}$.",
            ),
            ("The answer to the question is 5", Rule::Phrase, "5"),
            ("The answer is: The answer is 5", Rule::Phrase, "5"),
            ("The answer is in the table.\nSo 12 it is.", Rule::LastNumber, "So 12 it is."),
            ("3 + 4 = 7", Rule::LastNumber, "3 + 4 = 7"),
            ("It falls to -7 degrees", Rule::LastNumber, "It falls to -7 degrees"),
            (
                "First 3. Then it costs $1,234.50, in all.",
                Rule::LastNumber,
                "Then it costs $1,234.50, in all.",
            ),
            ("about \\frac{3}{4} of it", Rule::LastNumber, "about \\frac{3}{4} of it"),
            ("It is 12. I hope this helps!", Rule::LastNumber, "It is 12."),
            ("–7", Rule::LastNumber, "–7"),
            ("3 1/2 cups", Rule::LastNumber, "3 1/2 cups"),
            ("<think>\\boxed{1}</think>It is \\boxed{2}", Rule::Boxed, "2"),
            ("The answer is 4.\nLet me check.\nThe answer is 5.", Rule::Phrase, "5."),
        ] {
            assert_eq!(extract(reply), Ok((rule, text.to_owned())), "{reply}");
        }
    }

    #[test]
    fn no_answer_or_several_are_said_to_be_so() {
        use Outcome::{Ambiguous, OverBudget, Unparseable};
        let long = "1".repeat(MAX_REPLY + 1);
        let many = "\\boxed{1} ".repeat(MAX_CHAIN + 1);
        for (reply, outcome) in [
            ("", Unparseable),
            ("I do not know.", Unparseable),
            ("<think>so \\boxed{3}", Unparseable),
            ("so \\boxed{3", Unparseable),
            ("10-3", Unparseable),
            ("- 7", Unparseable),
            ("It is $2\\sqrt{3}$", Unparseable),
            ("It is $2^{10}$ or so", Unparseable),
            ("It is 3x", Unparseable),
            ("It is 5½", Unparseable),
            ("It is 5!", Unparseable),
            ("1. Add\n2. Compare", Unparseable),
            ("It is 12:30", Unparseable),
            ("It is not 5.", Unparseable),
            ("It is the square root of 2.", Unparseable),
            ("It is half of 5.", Unparseable),
            ("It is 5. No, it is six.", Unparseable),
            ("Is it 5?", Unparseable),
            ("\\boxed{3} or \\boxed{4}", Ambiguous),
            ("\\boxed{\\sqrt{26}} or \\boxed{5}", Ambiguous),
            ("\\boxed{3}\nThe answer is 4.", Ambiguous),
            ("\\boxed{3}\nThe answer is x + 1.", Ambiguous),
            ("\\boxed{3}\n#### 4", Ambiguous),
            ("It is not \\boxed{3}.", Ambiguous),
            ("\\boxed{3} is wrong.", Ambiguous),
            ("\\boxed{3}.\nWait, I forgot the tax.", Ambiguous),
            ("I doubt that the answer is 3.", Ambiguous),
            ("The wrong answer is 3.", Ambiguous),
            ("If the answer is 3", Ambiguous),
            (&many, OverBudget),
            (&long, OverBudget),
        ] {
            assert_eq!(extract(reply), Err(outcome), "{}", clip(reply, 60));
        }
        assert!(extract("\\boxed{3}\nThe answer is 3.0.").is_ok());
        assert!(extract("\\boxed{3} that is \\boxed{3}").is_ok());
    }

    #[test]
    fn hostile_replies_are_searched_to_the_end() {
        for reply in [
            "\\boxed".repeat(MAX_REPLY / 6),
            "\\boxed{".repeat(MAX_REPLY / 7),
            "\\boxed{a".repeat(116_000) + &"}".repeat(116_000),
            "{".repeat(MAX_REPLY),
            "}".repeat(MAX_REPLY),
            "9".repeat(MAX_REPLY),
            "answer ".repeat(MAX_REPLY / 7),
            "answer: ".repeat(MAX_REPLY / 8),
            "answer is: 1\n".repeat(MAX_REPLY / 13),
            "#### 1e-9000\n".repeat(75_000),
            "\\boxed{1} ".repeat(MAX_REPLY / 10),
            "\\".repeat(MAX_REPLY),
            ". ".repeat(MAX_REPLY / 2),
        ] {
            let _ = extract_final(&reply);
        }
    }

    proptest! {
        #[test]
        fn a_box_is_found_in_any_text(before in "[b-z \n.$]{0,40}= ", n in any::<i32>(), after in "[.$]{0,3}(\n[b-z \n.]{0,40})?") {
            prop_assume!(!denied_ahead(&before, before.len()) && !withdrawn(&after));
            let found = extract(&format!("{before}\\boxed{{{n}}}{after}"));
            prop_assert_eq!(found, Ok((Rule::Boxed, n.to_string())));
        }

        #[test]
        fn any_text_is_searched_without_a_panic(reply in any::<String>()) {
            let _ = extract_final(&reply);
        }

        #[test]
        fn any_dressing_is_searched_without_a_panic(reply in "(answer|is|:|\\\\boxed|\\{|\\}|####|-|\n| |3|é|\\$|\\*|/|\\.|,|−|=|!)*") {
            let _ = extract_final(&reply);
        }
    }
}
