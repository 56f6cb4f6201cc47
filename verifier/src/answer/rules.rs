//! Which rule finds which answer, and which replies have none.

use lehr_record::Outcome;
use proptest::prelude::*;

use super::denial::{denied_ahead, withdrawn};
use super::extract::{Found, Rule, extract_final};
use super::{MAX_REPLY, clip};

/// The rule and the text that counts, or the outcome of the refusal.
fn extract(reply: &str) -> Result<(Rule, String), Outcome> {
    match extract_final(reply) {
        Ok(found) => {
            let Found { text, rule, at, .. } = found.answer;
            let first = text.split(", ").next().unwrap_or_default();
            assert!(reply[at..].starts_with(first), "{reply}");
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
        ("3 + 4 = 7", Rule::Bare, "3 + 4 = 7"),
        ("It falls to -7 degrees", Rule::LastNumber, "It falls to -7 degrees"),
        (
            "First 3. Then it costs $1,234.50, in all.",
            Rule::LastNumber,
            "Then it costs $1,234.50, in all.",
        ),
        ("about \\frac{3}{4} of it", Rule::LastNumber, "about \\frac{3}{4} of it"),
        ("It is 12. I hope this helps!", Rule::LastNumber, "It is 12."),
        ("–7", Rule::Bare, "–7"),
        ("3 1/2 cups", Rule::Bare, "3 1/2 cups"),
        ("10-3", Rule::Bare, "10-3"),
        ("seven", Rule::Bare, "seven"),
        ("$\\frac{1}{2}$", Rule::Bare, "\\frac{1}{2}"),
        ("It is $2\\sqrt{3}$", Rule::Formula, "2\\sqrt{3}"),
        ("Therefore $x = 5$.", Rule::Formula, "x = 5"),
        ("We add.\nSo the sum is $\\frac{3}{4}$.", Rule::Formula, "\\frac{3}{4}"),
        ("x = \\boxed{2} or x = \\boxed{3}", Rule::Boxed, "2, 3"),
        ("First 5.\nThe result is 9.", Rule::Phrase, "9."),
        ("The result is 9.\nWith the rest it is 11.", Rule::LastNumber, "With the rest it is 11."),
        ("The value of $x$ is $\\frac{1}{2}$.", Rule::Phrase, "$\\frac{1}{2}$."),
        ("The answers are 2 and 3.", Rule::Phrase, "2 and 3."),
        ("最终答案是 5。", Rule::Phrase, "5"),
        ("答案：5，因为 2 + 3 = 5。", Rule::Phrase, "5"),
        ("所以答案为$\\frac{1}{2}$。", Rule::Phrase, "$\\frac{1}{2}$"),
        ("因此面积为 $7$。", Rule::Formula, "7"),
        ("故选B。", Rule::Phrase, "B"),
        ("## Answer\n\n5", Rule::Phrase, "5"),
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
    let many = "\\boxed{1} ".repeat(16 + 1);
    for (reply, outcome) in [
        ("", Unparseable),
        ("I do not know.", Unparseable),
        ("<think>so \\boxed{3}", Unparseable),
        ("so \\boxed{3", Unparseable),
        ("- 7", Unparseable),
        ("It is half of $5$.", Unparseable),
        ("It is not $5$.", Unparseable),
        ("答案不是 5。", Unparseable),
        ("答案是什么？", Unparseable),
        ("答案是 5。不对，", Ambiguous),
        ("如果答案是 5", Ambiguous),
        ("答案是 5 吗？", Ambiguous),
        ("\\boxed{3} \\boxed{4}", Ambiguous),
        ("\\boxed{3}, no, \\boxed{4}", Ambiguous),
        ("It is $2^{10}$ or so", Unparseable),
        ("It is 3x", Unparseable),
        ("It is 5!", Unparseable),
        ("1. Add\n2. Compare", Unparseable),
        ("It is 12:30", Unparseable),
        ("It is not 5.", Unparseable),
        ("It is the square root of 2.", Unparseable),
        ("It is half of 5.", Unparseable),
        ("It is 5. No, it is six.", Unparseable),
        ("Is it 5?", Unparseable),
        ("\\boxed{3} or rather \\boxed{4}", Ambiguous),
        ("\\boxed{\\sqrt{26}}; \\boxed{5}?", Ambiguous),
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
        "the answer to ".repeat(MAX_REPLY / 14),
        "答案是".repeat(MAX_REPLY / 9),
        "$".repeat(MAX_REPLY),
        "#### ".repeat(MAX_REPLY / 5),
        "\\boxed{1}, ".repeat(MAX_REPLY / 11),
        "\\(".repeat(MAX_REPLY / 2),
        format!("{}\\boxed{{1}}", "{".repeat(MAX_REPLY - 9)),
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
    fn any_dressing_is_searched_without_a_panic(reply in "(answer|result|of|is|答案|是|选|。|，|B|and|:|\\\\boxed|\\{|\\}|####|-|\n| |3|é|\\$|\\*|/|\\.|,|−|=|!)*") {
        let _ = extract_final(&reply);
    }
}
