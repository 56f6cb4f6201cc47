//! Finds where a reply states its final answer, and decides which statement counts.
//!
//! The rules, strongest first ([`Rule`]):
//!
//! 1. `boxed`: `\boxed{…}` with balanced braces; of nested boxes the inner one. Boxes joined by
//!    "and", "or" or a comma are one answer, a list.
//! 2. `marker`: a line `#### …` that is a value, or the last line.
//! 3. `phrase`: "the answer is …", "Final answer: …", `答案是…`; and, at the end of a reply,
//!    "the result is …", "the value of … is …".
//! 4. `bare`: the whole reply is a value in one short line, or one sentence that says what something
//!    is ("The gas is CO_2.").
//! 5. `formula`: the last formula, when the reply concludes with it.
//! 6. `last_number`: the last sentence with a number, if it has only one and no word in it changes
//!    that number, or if it works it out and the arithmetic is right ("48 and 24 make 72").
//!
//! The last three count only when nothing explicit was said. A reply that is an object of JSON says
//! its answer under a name, `{"answer": 5}`, and is searched for nothing else.
//!
//! The strongest rule that finds anything wins, and of its findings the last one. Thinking between
//! tags is not searched ([`transcript`](super::transcript)); a reply that ends inside its thinking
//! or inside a box has no answer. When the answer that would count is in doubt, the reply is
//! **ambiguous** ([`doubt`](super::doubt)).

use lehr_record::{Outcome, Verdict};
use serde::Serialize;

use super::bare::bare;
use super::boxed::boxes;
use super::doubt::doubt;
use super::formula::concluding_formula;
use super::group::{MAX_NEAR, groups};
use super::json::of_json;
use super::last_number::last_number;
use super::phrase::phrases;
use super::predicate::predicate;
use super::statement::{Statement, marked_lines, of_boxes, of_marker, of_phrase};
pub(crate) use super::transcript::conclusion;
use super::{Reading, clip};

/// How an answer was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The number of the last sentence that has one, for want of anything explicit.
    LastNumber,
    /// The last formula, with which the reply concludes.
    Formula,
    /// The whole reply.
    Bare,
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
            Self::Formula => "formula",
            Self::Bare => "bare",
            Self::Phrase => "phrase",
            Self::Marker => "marker",
            Self::Boxed => "boxed",
        }
    }
}

/// One statement of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The stated text, as it stands in the reply or put together: of several boxes a list, of a
    /// formula and what it is said to equal an equation.
    pub text: String,
    /// How it was found.
    pub rule: Rule,
    /// Where it starts: a byte offset in the reply.
    pub at: usize,
    /// What it says.
    pub reading: Reading,
}

/// The answer that counts, and all that were considered.
#[derive(Clone, Debug, PartialEq)]
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
        return Err(refused(Outcome::Unparseable, "inside_box", "the reply ends inside a box")
            .with("tail", tail(body, 200)));
    }
    let mut statements = Statements::default();
    let groups = groups(body, &boxes.closed);
    let far = boxes.closed.len().checked_sub(MAX_NEAR + 1).and_then(|at| boxes.closed.get(at));
    statements.unread = far.map(|b| b.whole.start);
    if let Some(named) = of_json(body) {
        statements.found.push(named);
    } else {
        statements.read(&groups, |g| g.whole.start, |group| Some(of_boxes(body, group)));
        statements.read(
            &marked_lines(body),
            |(at, _)| *at,
            |(at, line)| of_marker(body, *at, line),
        );
        statements.read(&phrases(body), |p| p.clause.start, |phrase| of_phrase(body, phrase));
    }
    if statements.found.is_empty() {
        let implied = bare(body).or_else(|| concluding_formula(body));
        statements.found.extend(implied.or_else(|| last_number(body)).or_else(|| predicate(body)));
    }
    let Statements { found: mut said, unread } = statements;
    let strongest = said.iter().map(|s| s.found.rule).max();
    let last = said.iter().filter(|s| Some(s.found.rule) == strongest).max_by_key(|s| s.found.at);
    let Some(counts) = last.cloned() else {
        return Err(refused(Outcome::Unparseable, "no_answer", "the reply states no answer")
            .with("tail", tail(body, 200)));
    };
    let answer = &counts.found;
    said.sort_by_key(|s| s.found.at);
    let line = body.get(..answer.at).and_then(|b| b.rfind('\n')).map_or(0, |n| n + 1);
    if unread.is_some_and(|at| at >= line) {
        let reason = format!("the reply ends with more than {MAX_CHAIN} statements of an answer");
        return Err(refused(Outcome::OverBudget, "statements", reason).with("limit", "statements"));
    }
    let doubt = doubt(body, &counts, &said);
    let mut chain: Vec<Found> = said.into_iter().map(|s| s.found).collect();
    for item in &mut chain {
        item.at += start;
    }
    let chain = chain.split_off(chain.len().saturating_sub(MAX_CHAIN));
    match doubt {
        None => {
            let answer = counts.found;
            Ok(Extraction { answer: Found { at: answer.at + start, ..answer }, chain })
        }
        Some((code, reason)) => {
            Err(refused(Outcome::Ambiguous, code, reason)
                .with("candidates", chain_evidence(&chain)))
        }
    }
}

/// A verdict with the stable name of its reason.
pub(crate) fn refused(outcome: Outcome, code: &str, reason: impl Into<String>) -> Verdict {
    Verdict::new(outcome, reason).with("code", code)
}

/// What was read so far.
#[derive(Default)]
struct Statements {
    found: Vec<Statement>,
    /// Where the last statement starts that was passed over for the bound.
    unread: Option<usize>,
}

impl Statements {
    /// Reads places from the last one back, until as many are statements as are kept.
    fn read<T>(
        &mut self,
        places: &[T],
        at: impl Fn(&T) -> usize,
        read: impl Fn(&T) -> Option<Statement>,
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

/// The end of a text, cut at a character border.
pub(crate) fn tail(text: &str, most: usize) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(most))..]
}
