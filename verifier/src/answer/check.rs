//! Holds the final answer of a reply against the known one.

use lehr_record::{Outcome, Verdict};

use super::extract::{chain_evidence, refused};
use super::gold::read_known;
use super::{Found, Reading, clip, extract_final, read};
use crate::budget::{Budget, OverBudget};
use crate::compare::{Finding, same};
use crate::notation::{Stop, formula, is_compound, squash, trimmed};
use crate::policy::Policy;
use crate::value::Value;

/// Judges the final answer of a reply by the known answer, as mathematics.
///
/// `gold` is the answer as it would be written on paper, or a worked solution that states it. The
/// verdict carries `code`, `answer`, `found_by`, `candidates` and `gold`.
pub fn check_math(gold: &str, reply: &str, policy: &Policy) -> Verdict {
    check(gold, reply, |known, found| known.judge(found, policy))
}

/// Judges the final answer of a reply by the known answer, as science: a quantity with its unit
/// and significant figures, a chemical formula, a short text.
pub fn check_science(gold: &str, reply: &str, policy: &Policy) -> Verdict {
    check(gold, reply, |known, found| {
        let (wanted, said) = (formula(&known.text), formula(trimmed(&found.text)));
        match (wanted, said) {
            (Some(a), Some(b)) if a == b && found.reading != Reading::Part => {
                Finding::correct("formula", "both are the same chemical formula")
            }
            (Some(a), Some(b)) if is_compound(&a) || is_compound(&b) => {
                let finding = known.judge(found, policy);
                // As products of numbers and letters `C2H6` and `C6H2` are equal.
                if finding.is_correct() {
                    let reason = "the chemical formulas differ, though as products they do not";
                    return Finding::ambiguous("formula", reason);
                }
                finding
            }
            _ => known.judge(found, policy),
        }
    })
}

fn check(gold: &str, reply: &str, judge: impl FnOnce(&Known, &Found) -> Finding) -> Verdict {
    let known = match Known::read(gold) {
        Ok(known) => known,
        Err(verdict) => return *verdict,
    };
    match extract_final(reply) {
        Ok(extraction) => Verdict::from(judge(&known, &extraction.answer))
            .with("answer", clip(&extraction.answer.text, 500))
            .with("found_by", extraction.answer.rule.as_str())
            .with("candidates", chain_evidence(&extraction.chain))
            .with("gold", clip(&known.text, 500)),
        // A short reply may be the known answer itself and no value: `aerobic respiration`.
        Err(_) if is_known(&known.text, reply) => {
            let reason = "the reply is the known answer, letter by letter";
            Verdict::from(Finding::correct("letters", reason))
                .with("answer", clip(reply.trim(), 500))
                .with("found_by", "whole")
                .with("gold", clip(&known.text, 500))
        }
        Err(verdict) => verdict.with("gold", clip(&known.text, 500)),
    }
}

/// Whether a whole reply of one line is the known answer but for its dress.
fn is_known(gold: &str, reply: &str) -> bool {
    const MAX_WHOLE: usize = 200;
    let text = trimmed(reply);
    if text.is_empty() || text.len() > MAX_WHOLE || text.contains('\n') {
        return false;
    }
    if let (Some(wanted), Some(said)) = (formula(gold), formula(text)) {
        return wanted == said;
    }
    matches!(
        (read(gold), read(text)),
        (Reading::Value(Value::Text(a)), Reading::Value(Value::Text(b))) if a == b
    )
}

/// The known answer.
struct Known {
    /// As it was given.
    whole: String,
    /// As it stands, or as its worked solution states it.
    text: String,
    /// What it says.
    reading: Reading,
}

impl Known {
    fn read(gold: &str) -> Result<Self, Box<Verdict>> {
        let (text, reading) = read_known(gold);
        match &reading {
            Reading::Empty => {
                Err(Box::new(refused(Outcome::Error, "empty_gold", "the known answer is empty")))
            }
            Reading::Unread(Stop::OverBudget(over)) => {
                let reason = format!("in the known answer, {}", over.what);
                let verdict = refused(Outcome::OverBudget, over.limit, reason);
                Err(Box::new(verdict.with("limit", "gold")))
            }
            _ => Ok(Self { whole: trimmed(gold).to_owned(), text, reading }),
        }
    }

    fn judge(&self, found: &Found, policy: &Policy) -> Finding {
        let text = trimmed(&found.text);
        if text == self.whole && !matches!(found.reading, Reading::Part | Reading::Empty) {
            return Finding::correct("letters", "the answer is the known one, letter by letter");
        }
        let finding = match (&self.reading, &found.reading) {
            (_, Reading::Empty) => {
                return Finding::unparseable("empty", "the place for the final answer is empty");
            }
            (_, Reading::Part) => {
                return Finding::ambiguous("part", "the answer stands in something larger");
            }
            (Reading::Value(gold), Reading::Value(answer)) => {
                same(gold, answer, policy, &mut Budget::default())
            }
            (Reading::Unread(stop), _) => unread(stop, "the known answer"),
            (_, Reading::Unread(stop)) => unread(stop, "the answer"),
            (Reading::Part | Reading::Empty, _) => {
                Finding::unsupported("gold", "the known answer stands in something larger")
            }
        };
        // What cannot be judged by its meaning may still be the same letter by letter.
        if !finding.is_correct()
            && !finding.is_wrong()
            && (text == self.text || squash(text) == squash(&self.text))
        {
            return Finding::correct("letters", "the answer is the known one, letter by letter");
        }
        finding
    }
}

fn unread(stop: &Stop, whose: &str) -> Finding {
    match stop {
        Stop::NotMathematics => Finding::unsupported(
            "grammar",
            format!("{whose} follows no grammar that is known here"),
        ),
        Stop::Ambiguous(why) => Finding::ambiguous("grammar", format!("in {whose}, {why}")),
        Stop::Unsupported(what) => {
            Finding::unsupported("grammar", format!("{whose} has {what}, which is not judged"))
        }
        Stop::OverBudget(OverBudget { limit, what }) => {
            Finding::from(OverBudget { limit, what: format!("in {whose}, {what}") })
        }
    }
}
