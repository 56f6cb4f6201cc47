//! Holds the final answer of a reply against the known one.

use lehr_record::{Outcome, Verdict};
use num_traits::{One, Signed};

use super::extract::chain_evidence;
use super::unit::Kind;
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
    if let Some(reason) = incomparable(gold, answer) {
        return Verdict::new(Outcome::Unsupported, reason);
    }
    let (gold_text, answer_text) = (clip(&gold.canonical(), 80), clip(&answer.canonical(), 80));
    let sign_left_out = gold.percent != answer.percent && gold.written == answer.written;
    let large = gold.written.abs() > One::one();
    if gold.value() == answer.value() || (sign_left_out && large) {
        Verdict::new(Outcome::Correct, format!("{answer_text} equals {gold_text}"))
    } else if sign_left_out && gold.percent {
        let reason = format!("{answer_text} may be meant as {answer_text}% or as it is written");
        Verdict::new(Outcome::Ambiguous, reason)
    } else {
        Verdict::new(Outcome::Wrong, format!("{answer_text} is not {gold_text}"))
    }
}

/// Why the units of two numbers do not let them be compared.
fn incomparable(gold: &Number, answer: &Number) -> Option<String> {
    match (&gold.unit, &answer.unit) {
        (Some(left), Some(right)) if left.name != right.name => Some(format!(
            "the units differ, {} and {}; conversions cannot be judged yet",
            left.name, right.name
        )),
        (Some(unit), None) | (None, Some(unit)) if unit.kind == Kind::Doubtful => {
            Some(format!("{} stands on one side only, and may be a unit or a variable", unit.name))
        }
        (Some(unit), None) if answer.percent => {
            Some(format!("the known answer is in {}", unit.name))
        }
        (None, Some(unit)) if gold.percent => Some(format!("the answer is in {}", unit.name)),
        _ => None,
    }
}

/// Without the spaces that do not keep digits apart.
fn squeeze(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        squeezed.push_str(word);
        let digits = words.peek().is_some_and(|next| next.starts_with(|c: char| c.is_numeric()));
        if digits && word.ends_with(|c: char| c.is_alphanumeric()) {
            squeezed.push(' ');
        }
    }
    squeezed
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
            ("0.5", "\\boxed{0.5\\%}", Wrong),
            ("1", "\\boxed{1\\%}", Wrong),
            ("0.5%", "\\boxed{0.5}", Ambiguous),
            ("0.5", "\\boxed{50\\%}", Correct),
            ("50%", "\\boxed{50 cm}", Unsupported),
            ("5 mW/m^2", "\\boxed{5 MW/m^2}", Unsupported),
            ("5", "\\boxed{5 m}", Unsupported),
            ("5 m", "\\boxed{5m}", Correct),
            ("20", "\\boxed{20 m/s}", Correct),
            ("5 cm", "$\\boxed{5}$ meters", Unsupported),
            ("(1 2, 3)", "\\boxed{(12, 3)}", Unsupported),
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

    fn number() -> impl Strategy<Value = String> {
        prop_oneof![bare(), (0i32..99).prop_map(|n| format!("{n}%"))]
    }

    /// A number without a percent sign, which weighs more in the known answer than in the reply.
    fn bare() -> impl Strategy<Value = String> {
        prop_oneof![
            (-99i32..99).prop_map(|n| n.to_string()),
            (-9i32..9, 1i32..9).prop_map(|(a, b)| format!("{a}/{b}")),
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
        fn agreement_is_symmetric(a in bare(), b in bare()) {
            let one = check_math(&a, &format!("\\boxed{{{b}}}")).verdict;
            let other = check_math(&b, &format!("\\boxed{{{a}}}")).verdict;
            prop_assert_eq!(one, other);
        }
    }
}
