//! Holds the final answer of a reply against the known one.

use lehr_record::{Outcome, Verdict};

use super::extract::chain_evidence;
use super::{Extraction, Number, Reading, clip, extract_final, read};

/// Judges the final answer of a reply by the known answer.
///
/// `gold` is the answer as it would be written on paper, or a worked solution that ends in a box
/// or a `####` line. The verdict carries `answer`, `found_by`, `candidates` and `gold`.
pub fn check_math(gold: &str, reply: &str) -> Verdict {
    let gold = match read_gold(gold) {
        Ok(gold) => gold,
        Err(verdict) => return verdict,
    };
    let gold_text = match &gold {
        Reading::Number(number) => number.canonical(),
        Reading::Other(text) => text.clone(),
        Reading::Empty | Reading::OverBudget(_) => String::new(),
    };
    match extract_final(reply) {
        Ok(extraction) => judge(&gold, &extraction)
            .with("answer", clip(&extraction.answer.text, 500))
            .with("found_by", extraction.answer.rule.as_str())
            .with("candidates", chain_evidence(&extraction.chain))
            .with("gold", clip(&gold_text, 500)),
        Err(verdict) => verdict.with("gold", clip(&gold_text, 500)),
    }
}

/// A spelling of a reply's final answer that equal answers share, for votes.
///
/// Numbers are in lowest terms with their percent sign or unit; other answers are their undressed
/// text. `None` when the reply has no answer, an ambiguous one, or one over the bounds.
pub fn canonical_answer(reply: &str) -> Option<String> {
    match extract_final(reply).ok()?.answer.reading {
        Reading::Number(number) => Some(number.canonical()),
        Reading::Other(text) => Some(squeeze(&text)),
        Reading::Empty | Reading::OverBudget(_) => None,
    }
}

fn read_gold(gold: &str) -> Result<Reading, Verdict> {
    let reading = match read(gold) {
        Reading::Other(text) if gold.contains("\\boxed") || gold.contains("####") => {
            extract_final(gold).map_or(Reading::Other(text), |found| found.answer.reading)
        }
        reading => reading,
    };
    match reading {
        Reading::Empty => Err(Verdict::new(Outcome::Error, "the known answer is empty")),
        Reading::OverBudget(what) => {
            Err(Verdict::new(Outcome::OverBudget, format!("in the known answer, {what}"))
                .with("limit", "gold"))
        }
        reading => Ok(reading),
    }
}

fn judge(gold: &Reading, found: &Extraction) -> Verdict {
    match (gold, &found.answer.reading) {
        (_, Reading::Empty) => {
            Verdict::new(Outcome::Unparseable, "the place for the final answer is empty")
        }
        (_, Reading::OverBudget(what)) => {
            Verdict::new(Outcome::OverBudget, what.clone()).with("limit", "answer")
        }
        (Reading::Number(gold), Reading::Number(answer)) => numbers(gold, answer),
        (Reading::Other(gold), Reading::Other(answer)) if squeeze(gold) == squeeze(answer) => {
            Verdict::new(Outcome::Correct, "the answer is the known one, letter by letter")
        }
        (_, Reading::Other(_)) => Verdict::new(
            Outcome::Unsupported,
            "the answer is not a single number; expressions cannot be judged yet",
        ),
        (_, Reading::Number(_)) => Verdict::new(
            Outcome::Unsupported,
            "the known answer is not a single number; expressions cannot be judged yet",
        ),
    }
}

fn numbers(gold: &Number, answer: &Number) -> Verdict {
    if let (Some(left), Some(right)) = (&gold.unit, &answer.unit)
        && left != right
    {
        return Verdict::new(
            Outcome::Unsupported,
            format!("the units differ, {left} and {right}; conversions cannot be judged yet"),
        );
    }
    let (gold_text, answer_text) = (clip(&gold.canonical(), 80), clip(&answer.canonical(), 80));
    if agree(gold, answer) {
        Verdict::new(Outcome::Correct, format!("{answer_text} equals {gold_text}"))
    } else {
        Verdict::new(Outcome::Wrong, format!("{answer_text} is not {gold_text}"))
    }
}

/// Whether two numbers are the same answer, by the stated policies on percent and units.
/// Symmetric and reflexive; not transitive, because a percent sign may be left out.
pub(super) fn agree(a: &Number, b: &Number) -> bool {
    let units = match (&a.unit, &b.unit) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    units && (a.value() == b.value() || (a.percent != b.percent && a.written == b.written))
}

/// Without spaces.
fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use Outcome::{Ambiguous, Correct, Error, OverBudget, Unparseable, Unsupported, Wrong};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn answers_are_judged() {
        let power = format!("\\boxed{{1/2^{{{}}}}}", 99);
        for (gold, reply, outcome) in [
            ("42", "\\boxed{42}", Correct),
            ("42", "\\boxed{43}", Wrong),
            ("42", "The answer is 42 apples.", Correct),
            ("72", "She sold 72 clips.\n#### 72", Correct),
            ("#### 72", "\\boxed{72}", Correct),
            ("so 3\n#### 72", "\\boxed{72}", Correct),
            ("0.5", "\\boxed{\\frac{1}{2}}", Correct),
            ("1/3", "\\boxed{0.3333}", Wrong),
            ("1e-7", "\\boxed{2e-7}", Wrong),
            ("1/2^98", power.as_str(), Wrong),
            ("1/2^99", power.as_str(), Correct),
            ("1,234", "It is 1234", Correct),
            ("3 1/2", "\\boxed{3.5}", Correct),
            ("50%", "\\boxed{0.5}", Correct),
            ("50%", "\\boxed{50}", Correct),
            ("50", "\\boxed{50\\%}", Correct),
            ("50", "\\boxed{0.5}", Wrong),
            ("5", "\\boxed{5\\text{ cm}}", Correct),
            ("5 cm", "\\boxed{5}", Correct),
            ("5 cm", "\\boxed{5 cm}", Correct),
            ("5 cm", "\\boxed{5 m}", Unsupported),
            ("$5", "The answer is $5.00.", Correct),
            ("$5", "5 dollars is the answer: 5 dollars", Correct),
            ("x^2+1", "\\boxed{x^2 + 1}", Correct),
            ("x^2+1", "\\boxed{1+x^2}", Unsupported),
            ("2", "\\boxed{\\sqrt{4}}", Unsupported),
            ("\\sqrt{4}", "\\boxed{2}", Unsupported),
            ("5", "\\boxed{1,2,5}", Unsupported),
            ("5", "\\boxed{}", Unparseable),
            ("5", "no idea", Unparseable),
            ("5", "\\boxed{9^9^9^9}", OverBudget),
            ("9^9^9^9", "\\boxed{5}", OverBudget),
            ("5", "\\boxed{5} or \\boxed{6}", Ambiguous),
            ("", "\\boxed{5}", Error),
            ("5", "the answer is 5 or 6", Unsupported),
            ("5", "the answer is indeed 5", Correct),
            ("2", "the answer is indeed \\sqrt{2}", Unsupported),
        ] {
            let verdict = check_math(gold, reply);
            assert_eq!(verdict.verdict, outcome, "{gold} | {reply}: {verdict:?}");
        }
    }

    #[test]
    fn a_verdict_shows_its_grounds() {
        let verdict = check_math("8", "\\boxed{7}\n\nNo:\n\\boxed{8.0}");
        assert_eq!(verdict.evidence["answer"], "8.0");
        assert_eq!(verdict.evidence["found_by"], "boxed");
        assert_eq!(verdict.evidence["gold"], "8");
        assert_eq!(verdict.evidence["candidates"][0]["text"], "7");
    }

    #[test]
    fn votes_share_a_spelling() {
        for (a, b, same) in [
            ("\\boxed{0.50}", "the answer is 1/2", true),
            ("\\boxed{50\\%}", "\\boxed{50}", false),
            ("\\boxed{5 cm}", "\\boxed{5 m}", false),
            ("\\boxed{x + 1}", "\\boxed{x+1}", true),
        ] {
            assert_eq!(canonical_answer(a) == canonical_answer(b), same, "{a} | {b}");
        }
        assert_eq!(canonical_answer("\\boxed{1} or \\boxed{2}"), None);
    }

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![
            (-99i32..99).prop_map(|n| n.to_string()),
            (-9i32..9, 1i32..9).prop_map(|(a, b)| format!("{a}/{b}")),
            (0i32..99).prop_map(|n| format!("{n}%")),
            (0i32..99).prop_map(|n| format!("0.{n}")),
            (0i32..9, prop_oneof!["cm", "m"]).prop_map(|(n, u)| format!("{n} {u}")),
        ]
    }

    proptest! {
        #[test]
        fn every_answer_equals_itself(a in number()) {
            let verdict = check_math(&a, &format!("\\boxed{{{a}}}"));
            prop_assert!(verdict.is_correct(), "{:?}", verdict);
        }

        #[test]
        fn agreement_is_symmetric(a in number(), b in number()) {
            let one = check_math(&a, &format!("\\boxed{{{b}}}")).verdict;
            let other = check_math(&b, &format!("\\boxed{{{a}}}")).verdict;
            prop_assert_eq!(one, other);
        }

        #[test]
        fn equal_votes_mean_equal_answers(a in number(), b in number()) {
            let (left, right) = (format!("\\boxed{{{a}}}"), format!("\\boxed{{{b}}}"));
            if canonical_answer(&left) == canonical_answer(&right) {
                prop_assert!(check_math(&a, &right).is_correct());
            }
        }
    }
}
