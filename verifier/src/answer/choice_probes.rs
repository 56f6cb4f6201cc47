//! Replies that were written to mislead about the chosen letter, and right ones in unusual dress.

use super::check_choice;

/// The options, the known letter, and replies that do not settle on it.
const WRONG_CHOICE: &[(&[&str], char, &[&str])] = &[
    (METERS, 'A', &["A, B", "A/B", "A or B", "(A), (C)", "\\boxed{(A), (C)}", "\\boxed{A, B}"]),
    (METERS, 'A', &["\\boxed{A\\text{ or }B}", "\\boxed{A/C}", "The answer is A and B.", "not A"]),
    (METERS, 'A', &["It is not **A**.", "Option A is wrong.", "Option A or B", "Answer: not A"]),
    (METERS, 'A', &["Answer: A chemical change", "The answer is A matter of taste", "A dog barks"]),
    (METERS, 'A', &["The answer is A.\nWait.\nThe answer is B.", "I doubt that the answer is A"]),
    (
        METERS,
        'A',
        &["The answer is A.\nThat is wrong.", "The wrong answer is A", "The answer is A?"],
    ),
    (METERS, 'A', &["\\boxed{A}\nThe answer is (C)", "A is not correct", "If A is correct, fine"]),
    (METERS, 'A', &["A) 6 m\nB) 12 m\nHard to say.", "A is correct. B is correct.", "\\boxed{A}?"]),
    (METERS, 'A', &["The answer is A) 12 m", "A. 18 m", "The answer is A.\nThe answer is none."]),
    (METERS, 'C', &["Option A is wrong.\nTherefore B is correct, because option C is too large."]),
    (METERS, 'C', &["**C** is tempting", "Neither option C nor option D", "vitamin C", "C major"]),
    (
        METERS,
        'A',
        &["The answer is A (12 m)", "The answer is A. No, B.", "Answer: A\nB", "\\boxed{A}\nB"],
    ),
    (
        METERS,
        'A',
        &["We can rule out option A", "A is correct, but so is B", "A: It is 12 m", "**A:** 12 m"],
    ),
    (POWERS, 'A', &["The answer is 5 MW", "\\boxed{5 MW}", "5 kW", "The answer is 5"]),
    (TYPES, 'B', &["The answer is B", "\\boxed{B}", "The answer is A"]),
    (
        METERS,
        'A',
        &["不选A。", "答案不是A。", "故选A或B。", "故选AB。", "选择A还是B？", "如果选A，"],
    ),
    (
        METERS,
        'A',
        &["I'd go with A or B.", "I would not choose A.", "I choose A.\nSo the answer is B."],
    ),
    (
        METERS,
        'A',
        &["Many choose A.", "If I pick A, it is too short.", "Shall I go with A?", "A 12 m"],
    ),
    (
        METERS,
        'A',
        &["故选A。不对，", "选项A错误。", "答案：A\n故选B。", "I choose A. No, wait.", "（A）12 m"],
    ),
];

/// The options, the known letter, and replies that settle on it.
const RIGHT_CHOICE: &[(&[&str], char, &[&str])] = &[
    (METERS, 'B', &["B", "(b)", "B.", "\\boxed{B}", "\\boxed{\\text{(B)}}", "**B**", "Answer: B"]),
    (
        METERS,
        'B',
        &["The answer is B because C is wrong.", "The answer is B, not C.", "B\n\nC is too large."],
    ),
    (METERS, 'B', &["Option A is wrong.\nTherefore B is correct, because option C is too large."]),
    (METERS, 'B', &["The answer is 12 m.", "\\boxed{12 m}", "The correct option is **B) 12 m**."]),
    (METERS, 'B', &["A is too short. So the answer is B.", "Not A, so option B must be right."]),
    (POWERS, 'B', &["The answer is 5 MW", "\\boxed{5\\text{ MW}}", "B) 5 MW"]),
    (CHANGES, 'A', &["Answer: A chemical change", "a chemical change", "A. a chemical change"]),
    (
        METERS,
        'A',
        &["The answer is A", "a", "(a)", "The answer is a.", "Answer:\n\nA", "\\boxed{a}"],
    ),
    (TYPES, 'B', &["The answer is (B).", "Option B"]),
    (
        METERS,
        'B',
        &[
            "故选B。",
            "故选：B",
            "答案是（B）。",
            "选 B。",
            "应选B，因为C太大。",
            "（B）",
            "答案：B",
        ],
    ),
    (
        METERS,
        'B',
        &["I'd go with B.", "My choice is (B).", "I pick option b.", "I choose **B) 12 m**."],
    ),
    (
        METERS,
        'B',
        &[
            "Answer: **(B) 12 m**",
            "\\boxed{B. 12}",
            "(B) is correct",
            "B 12 m",
            "The answer is (B)",
        ],
    ),
];

const METERS: &[&str] = &["6 m", "12 m", "18 m", "24 m"];
const POWERS: &[&str] = &["5 mW", "5 MW", "7 W"];
const CHANGES: &[&str] = &["A chemical change", "A physical change"];
const TYPES: &[&str] = &["O", "A", "B", "AB"];

#[test]
fn wrong_and_right_letters_are_told_apart() {
    for (table, right) in [(WRONG_CHOICE, false), (RIGHT_CHOICE, true)] {
        for (options, gold, replies) in table {
            let options: Vec<String> = options.iter().map(|o| (*o).to_owned()).collect();
            for reply in *replies {
                let verdict = check_choice(&gold.to_string(), &options, reply);
                assert_eq!(verdict.is_correct(), right, "{gold} | {reply}: {verdict:?}");
            }
        }
    }
}
