//! Multiple choice: holds the letter that a reply settles on against the known one.
//!
//! What a reply settles on is said in [`settle`](super::settle).

use lehr_record::{Outcome, Verdict};

use super::clip;
use super::extract::refused;
use super::letter::{Said, label, letter_index, said, stating};
use super::settle::settle;

/// Judges the letter of a reply by the known answer.
///
/// `options` are the texts without letters, and may be empty when they are not known. `gold` is a
/// letter in any dress (`B`, `(B)`, `b)`), a letter with the text of its option, the text alone, or
/// a worked solution that settles on one. The verdict carries `answer`, `found_by`, `gold` and,
/// unless it says correct or wrong, `code`.
pub fn check_choice(gold: &str, options: &[String], reply: &str) -> Verdict {
    let Some(gold) = known_letter(gold, options) else {
        let reason = format!("the known answer {:?} is not that of an option", clip(gold, 60));
        return refused(Outcome::Error, "gold_no_option", reason).with("options", options.len());
    };
    match settle(options, reply) {
        Ok((letter, rule)) => {
            let verdict = if letter == gold {
                Verdict::new(Outcome::Correct, format!("the reply settles on {letter}"))
                    .with("code", "same_letter")
            } else {
                Verdict::new(Outcome::Wrong, format!("the reply settles on {letter}, not {gold}"))
                    .with("code", "other_letter")
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

/// The letter of the known answer.
fn known_letter(gold: &str, options: &[String]) -> Option<char> {
    let held = |letter: &char| letter_index(*letter, options).is_some();
    // A letter alone is a letter, though an option may have its text.
    if let Some(letter) = label(gold) {
        return Some(letter).filter(held);
    }
    if let [letter] = stating(gold, options).as_slice() {
        return Some(*letter);
    }
    match said(gold, options) {
        Said::Letter(letter) => Some(letter).filter(held),
        Said::Several | Said::Nothing => settle(options, gold).ok().map(|(letter, _)| letter),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::settle::MAX_MENTIONS;
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
            "Answer: **(B) 12 m**",
            "\\boxed{B. 12}",
            "\\boxed{\\textbf{(B) } 12 \\text{ m}}",
            "My choice is B.",
            "I'd go with B.",
            "I’d go with option b, since C is too large.",
            "So I choose (B).",
            "We therefore pick **B**.",
            "Therefore I would select option B.",
            "(B) is correct",
            "B 12 m",
            "故选B。",
            "故选：B",
            "所以选 B。",
            "应选（B）。",
            "选择B",
            "答案：B",
            "答案是（B），因为长度翻倍。",
            "（B）",
            "正确选项是B。",
            "因此选项B正确。",
            "Option A is too short.\n故选B。",
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
            ("I'd go with B or C", Outcome::Ambiguous),
            ("I would not choose B.", Outcome::Ambiguous),
            ("If I pick B, it is 12 m or more.", Outcome::Ambiguous),
            ("I choose a letter at random.", Outcome::Unparseable),
            ("Those who choose B are many.", Outcome::Unparseable),
            ("不选B。", Outcome::Unparseable),
            ("答案不是B。", Outcome::Unparseable),
            ("故选B。不对，", Outcome::Ambiguous),
            ("故选B或C。", Outcome::Ambiguous),
            ("选项B是错误的。", Outcome::Ambiguous),
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
        for reply in [
            "\\boxed{a",
            "\\boxed{A} ",
            "answer: A\n",
            "**A** ",
            "option A ",
            "A\n",
            "**",
            "__",
            "**B) ",
            "I choose A ",
            "B is correct. ",
            "选项B",
            "故选B",
            "\n",
        ] {
            let _ = extract_choice(&options(), &reply.repeat(900_000 / reply.len()));
        }
        let verdict = check_choice("A", &options(), &"option A ".repeat(MAX_MENTIONS + 1));
        assert_eq!(verdict.verdict, Outcome::OverBudget);
    }

    #[test]
    fn letters_are_judged() {
        for (gold, reply, outcome) in [
            ("B", "The answer is (B)", Outcome::Correct),
            ("b", "The answer is (B)", Outcome::Correct),
            ("A", "The answer is (B)", Outcome::Wrong),
            ("Z", "The answer is (B)", Outcome::Error),
            ("A", "none", Outcome::Unparseable),
            ("(B)", "The answer is (B)", Outcome::Correct),
            ("b)", "The answer is (B)", Outcome::Correct),
            ("B.", "The answer is (B)", Outcome::Correct),
            ("**B**", "The answer is (B)", Outcome::Correct),
            ("\\boxed{B}", "The answer is (B)", Outcome::Correct),
            ("B) 12 m", "The answer is (B)", Outcome::Correct),
            ("12 m", "The answer is (B)", Outcome::Correct),
            ("12 m", "The answer is (C)", Outcome::Wrong),
            ("The answer is B.", "The answer is (B)", Outcome::Correct),
            ("B) 6 m", "The answer is (B)", Outcome::Error),
            ("13 m", "The answer is (B)", Outcome::Error),
            ("", "The answer is (B)", Outcome::Error),
            ("B or C", "The answer is (B)", Outcome::Error),
        ] {
            assert_eq!(check_choice(gold, &options(), reply).verdict, outcome, "{gold} {reply}");
        }
        assert!(check_choice("C", &[], "C").is_correct());
    }

    proptest! {
        #[test]
        fn any_text_is_searched_without_a_panic(reply in any::<String>()) {
            let _ = extract_choice(&options(), &reply);
        }

        #[test]
        fn any_dressing_is_searched_without_a_panic(reply in "(answer|is|option|选|故选|（|）|。|I choose|\\(|A|b|\\)|\\*\\*|\\\\boxed\\{|\\}|:|\n| |é|or)*") {
            let _ = extract_choice(&options(), &reply);
        }
    }
}
