//! Replies that were written to mislead the checker, and right ones in unusual dress.
//!
//! A wrong answer of these tables must never be accepted; which of the other verdicts it gets is
//! said where the part that finds it is tested.

use super::check_math;
use crate::policy::Policy;

/// The known answer, and replies that say something else or nothing certain.
const WRONG: &[(&str, &[&str])] = &[
    // Variables and expressions behind a number.
    ("5", &["\\boxed{5 - x}", "\\boxed{5-m}", "\\boxed{5 + C}", "\\boxed{5x}", "\\boxed{5 n}"]),
    ("5", &["\\boxed{5y^2}", "\\boxed{5\\pi}", "\\boxed{5i}", "\\boxed{5 i}", "\\boxed{5e}"]),
    ("5", &["\\boxed{5m}", "\\boxed{5 m}", "\\boxed{5 s/m}", "\\boxed{5(x)}", "\\boxed{5|x|}"]),
    ("100", &["\\boxed{100 - n}", "\\boxed{100-n}", "\\boxed{100 \\cdot k}", "\\boxed{100^n}"]),
    ("7", &["\\boxed{7 - i}", "\\boxed{7 + 2i}", "\\boxed{7\\sqrt{2}}", "\\boxed{7/x}"]),
    (
        "6",
        &["\\boxed{6xy}", "\\boxed{6 xy}", "\\boxed{6abc}", "\\boxed{6 pq}", "\\boxed{6 \\ln x}"],
    ),
    ("2", &["\\boxed{2ab}", "\\boxed{2gh}", "\\boxed{2 mgh}", "\\boxed{2mg}", "\\boxed{2 mg}"]),
    ("1/2", &["\\boxed{\\frac12 mv^2}", "\\boxed{\\frac{1}{2} bh}", "\\boxed{\\frac{1}{2}kx^2}"]),
    // Words that multiply, count or set a condition.
    ("5", &["\\boxed{5 trillion}", "\\boxed{5K}", "\\boxed{5M}", "\\boxed{5 \\text{ million}}"]),
    ("3", &["\\boxed{3 halves}", "\\boxed{3 dozen}", "The answer is 3 score.", "It is 3 tens."]),
    ("2", &["\\boxed{2 thirds}", "The answer is 2 thirds.", "\\boxed{2 hundredths}"]),
    ("5", &["\\boxed{5 less than x}", "\\boxed{5 if n is even}", "\\boxed{5 \\text{ or } 6}"]),
    ("5", &["The answer is 5 more than x.", "The answer is 5 times x.", "The answer is 5 or so."]),
    ("5", &["The answer is not 5.", "The answer is definitely not 5", "The answer is never 5"]),
    ("7", &["The answer is negative 7.", "The answer is minus 7", "The answer is \u{2013}7"]),
    (
        "2",
        &["The answer is the square root of 2.", "The answer is 2 pi", "The answer is 2 squared"],
    ),
    ("5", &["The answer is half of 5", "The answer is less than 5", "The answer is at most 5"]),
    ("5", &["The answer is 5 million", "The answer is x - 5", "The answer is between 5 and 6"]),
    ("5", &["The answer is 5 factorial", "The answer is one fifth of 5"]),
    ("5", &["The answer is 5, plus tax of six.", "The answer is 5, give or take one"]),
    ("5", &["The answer is 5 to the fourth", "The answer is about 5 and a half"]),
    // Operators that look like dress.
    ("5", &["\\boxed{5!}", "\\boxed{5'}", "\\boxed{5^\\circ C - 3}", "\\boxed{\\overline{5}}"]),
    (
        "23",
        &["\\boxed{2**3}", "The answer is 2**3", "\\boxed{2`3}", "\\boxed{2_3}", "\\boxed{2 3}"],
    ),
    ("333/1000", &["\\boxed{0.333...}", "\\boxed{0.333\\ldots}", "\\boxed{0.333…}"]),
    ("3", &["\\boxed{\\lceil 3.7 \\rceil}", "\\boxed{\\pm 3}", "\\boxed{[3]}", "\\boxed{\\{3\\}}"]),
    // Statements about an unknown.
    ("5", &["\\boxed{x >= 5}", "\\boxed{x \\geq 5}", "\\boxed{x != 5}", "\\boxed{x \\neq 5}"]),
    ("10", &["\\boxed{2x = 10}", "\\boxed{x + y = 10}", "\\boxed{xy = 10}", "\\boxed{-x = 10}"]),
    ("4", &["\\boxed{x^2 = 4}", "\\boxed{|x| = 4}", "\\boxed{f(x) = 4}", "\\boxed{x/2 = 4}"]),
    ("5", &["\\boxed{2 + 2 = 5}", "\\boxed{22 ≈ 5}", "\\boxed{x = 5, y = 6}", "\\boxed{x < 5}"]),
    // A number that is part of something larger, in free text.
    (
        "3",
        &[
            "So it is $2\\sqrt{3}$.",
            "It is log 3",
            "It is 12:3",
            "x = y + 3",
            "A is in row 3",
            "See row 3",
        ],
    ),
    ("10", &["So it is $2^{10}$ times x.", "Divide by 10", "It exceeds 10.", "Take 2 of 10"]),
    ("2", &["1. Add\n2. Compare", "See step 2", "It is 1 of 2.", "- 2", "It is 3/4 of 2"]),
    ("1/2", &["It is 3 1/2 cups.", "Add 3 and 1/2.", "It is 5½"]),
    ("30", &["The train leaves at 12:30", "Pages 12-30", "It is 12\u{2013}30."]),
    (
        "7",
        &["It is \u{2013}7.", "It is -7.", "It fell by 7.", "It is not 7.", "Maybe 7.", "Is it 7?"],
    ),
    ("5", &["It is 5. No, it is six.", "It is 5!", "3x5", "It is the 5th", "It is 5x."]),
    // Boxes in something larger, denied, taken back, rivalled, cut off.
    ("5", &["$-\\boxed{5}$", "2\\boxed{5}", "\\boxed{5}x", "\\boxed{5} million", "\\boxed{5}!"]),
    (
        "5",
        &[
            "It is not \\boxed{5}.",
            "\\boxed{5} is wrong",
            "\\boxed{5}?",
            "\\boxed{5",
            "x>\\boxed{5}",
        ],
    ),
    ("5", &["\\boxed{5}\nWait, I forgot one.", "\\boxed{5}, \\boxed{6}", "\\boxed{5}\\%"]),
    ("5", &["\\boxed{\\sqrt{26}} or \\boxed{5}", "\\boxed{x} = \\boxed{5}", "\\boxed{5}\n#### 6"]),
    ("5", &["The answer is 5.\nNo, the answer is seven.", "The wrong answer is 5."]),
    ("5", &["If x is odd the answer is 5", "I thought the answer is 5", "\\boxed{5} if n is even"]),
    (
        "5",
        &[
            "\\text{not }\\boxed{5}",
            "~~\\boxed{5}~~",
            "The answer is ~~5~~",
            "\\cancel{\\boxed{5}}",
        ],
    ),
    ("5", &["\\boxed{5}\n\nNo.", "\\boxed{5}\nCorrection: 6", "#### 5\nOn second thought, six."]),
    ("5", &["The answer is 5. This answer is incorrect.", "A student says the answer is 5."]),
    ("5", &["The answer is 5 below freezing", "The answer is 5 in binary.", "It is nearly 5"]),
    ("5", &["The answer is 5 R 2", "The answer is $5M", "The answer is 5bn", "The answer is #5"]),
    (
        "5",
        &["\\boxed{x \\equiv 5 \\pmod{7}}", "The answer is 5\u{b1}1", "\\boxed{>5}", "as in (5)"],
    ),
    // Percent, units, separators, headings.
    ("0.5", &["\\boxed{0.5\\%}", "The answer is 0.5 percent."]),
    ("0.5%", &["\\boxed{0.5}", "\\boxed{50\\%}"]),
    ("5 mW/m^2", &["\\boxed{5 MW/m^2}", "\\boxed{5 kW/m^2}"]),
    (
        "5 cm",
        &["\\boxed{5 m}", "$\\boxed{5}$ meters", "The answer is 5 mm.", "\\boxed{5\\text{ km}}"],
    ),
    ("$5", &["\\boxed{5 \\text{ cents}}", "The answer is 5 cents in all.", "\\boxed{€5}"]),
    ("100", &["\\boxed{(0,100)}", "\\boxed{0,100}", "\\boxed{[0,100]}", "\\boxed{\\{1,00\\}}"]),
    ("1000", &["\\boxed{(1,000)}", "\\boxed{1,00,0}", "\\boxed{1 000 x}"]),
    ("11/3", &["\\boxed{3 1/6*4}", "\\boxed{3\\frac{1}{6} \\times 4}"]),
    ("2", &["#### 2. Calculate the total\nThe answer is 9.", "#### 2 Methods\nIt is hard."]),
    ("1/2^98", &["\\boxed{1/2^{99}}"]),
    ("2e-7", &["\\boxed{1e-7}"]),
    // Several answers are a list; bare replies, formulas and Chinese phrases.
    (
        "2",
        &["x = \\boxed{2} or x = \\boxed{3}", "\\boxed{2}, \\boxed{3}", "\\boxed{3} or \\boxed{2}"],
    ),
    (
        "3",
        &[
            "$\\boxed{2}$ and $\\boxed{3}$",
            "\\boxed{2}和\\boxed{3}",
            "x = \\boxed{2}, y = \\boxed{3}",
        ],
    ),
    ("23", &["\\boxed{2}\\boxed{3}", "\\boxed{2}, \\boxed{3}", "2, 3", "$2$, $3$"]),
    (
        "5",
        &["So it is half of $5$.", "It is less than $5$.", "So it is $5$ or so.", "It is not $5$."],
    ),
    (
        "5",
        &[
            "So $5 < x$.",
            "It is $5$ million.",
            "Twice $x$ is $5$.",
            "So $2x$ is $5$.",
            "It is $5$!",
        ],
    ),
    ("5", &["So $x = 5$ or $x = 6$.", "It is $5$. No, it is six.", "So $x >$ $5$.", "Is it $5$?"]),
    (
        "5",
        &["Divide it by $5$.", "It is minus $5$.", "It is $-$$5$.", "See step $5$.", "It is $5$x"],
    ),
    ("5", &["5?", "not 5", "- 5", "5 or 6", "maybe 5", "5, 6", "5x", "x > 5", "2x = 5", "5 dozen"]),
    (
        "5",
        &[
            "答案不是5。",
            "答案是5吗？",
            "答案是-5。",
            "答案是5或6。",
            "答案是5。不对。",
            "答案是5x。",
        ],
    ),
    (
        "5",
        &[
            "如果答案是5，那么x为6。",
            "答案可能是5",
            "答案是$5$的一半。",
            "答案是5万。",
            "答案大于5。",
        ],
    ),
    (
        "5",
        &[
            "The result is 5.\nThen we add 2.",
            "The result is 5 less than x.",
            "The solution is x > 5.",
        ],
    ),
    ("5", &["The value of x is not 5.", "The answers are 5 and 6.", "The solutions are 5, 6."]),
    (
        "5",
        &[
            "\\boxed{5}\n答案是6。",
            "\\boxed{5}。抱歉，算错了。",
            "The answer is 5.\nSo the result is 6.",
        ],
    ),
    ("6", &["The value of x is 5 and the value of y is 6.", "One is $5$ and the other is $6$."]),
    (
        "5",
        &[
            "答案是5，再加6。",
            "答案是5，六。",
            "答案是5，加上税。",
            "答案是5，y是6。",
            "答案是5倍。",
        ],
    ),
    ("5", &["The answer cannot be $5$.", "So it can't be $5$.", "The sum is $5$ if $n$ is even."]),
    ("5", &["The sum is $5$, plus tax.", "I guess it is $5$.", "So $5$ is wrong.", "$5$ or $6$"]),
    // Texts that differ in what the eye skips.
    ("(1 2, 3)", &["\\boxed{(12, 3)}"]),
    ("\\sqrt{3}", &["\\boxed{2}\\sqrt{3}", "2\\boxed{\\sqrt{3}}", "\\boxed{\\sqrt{3}}x"]),
];

/// The known answer, and replies that say the same.
const RIGHT: &[(&str, &[&str])] = &[
    (
        "5",
        &["\\boxed{5}", "$\\boxed{5}$.", "**\\boxed{5}**", "\\[\\boxed{x = 5}\\]", "\\boxed{5.0}"],
    ),
    ("5", &["\\boxed{5 cm}", "\\boxed{5cm}", "\\boxed{5\\text{ hours}}", "\\boxed{5 \\text{ft}}"]),
    ("5", &["The answer is 5.", "The answer is: **5**", "**Answer: 5**", "Final answer: $5$"]),
    ("5", &["The answer is indeed 5", "The answer is exactly 5 apples.", "the answer is \\(5\\)."]),
    ("5", &["#### 5", "So 5.\n#### $5", "2 + 3 = 5 plums\n#### 5", "#### 5 plums"]),
    ("5", &["So she has 5 apples left.", "2 + 3 = 5", "Ann ate 2 + 3 = 5 plums.", "It is 5."]),
    ("72", &["\\boxed{72 \\text{ clips}}", "She sold 48+24 = 72 clips in April and May."]),
    ("1/2", &["\\boxed{0.5}", "\\boxed{\\dfrac{2}{4}}", "\\boxed{\\frac12}", "\\boxed{50\\%}"]),
    ("3.5", &["\\boxed{3 1/2}", "It is 3 1/2 cups.", "\\boxed{3\\frac{1}{2}}", "\\boxed{7/2}"]),
    (
        "-7",
        &[
            "\\boxed{\u{2212}7}",
            "The answer is \u{2013}7",
            "It falls to -7 degrees.",
            "\\boxed{- 7}",
        ],
    ),
    (
        "1234",
        &["\\boxed{1,234}", "\\boxed{1{,}234}", "The answer is $1,234.", "It is 1,234 in all."],
    ),
    ("18", &["She makes 9 * $2 = $18 every day.", "The answer is $18 every day at the market."]),
    (
        "8",
        &[
            "\\boxed{7}\nNo, I see:\n\\boxed{8}",
            "The answer is 7.\nLet me check.\nThe answer is 8.",
        ],
    ),
    ("1024", &["\\boxed{2^{10}}", "\\boxed{2^{10} = 1024}"]),
    ("50%", &["\\boxed{1/2}", "The answer is 50 percent."]),
    (
        "9.8 m/s^2",
        &["\\boxed{9.8 \\text{ m/s}^2}", "The answer is 9.8 m/s^2 downward.", "\\boxed{9.8}"],
    ),
    ("9", &["It is 3 not 4, so the answer is 9.", "#### 2. Add\nThe answer is 9."]),
    ("\\sqrt{2}", &["\\boxed{\\sqrt{2}}", "The answer is $\\sqrt{2}$.", "So it is $\\sqrt{2}$."]),
    ("5", &["5", "$5$", "x = 5", "5 cm", "**5**", "Therefore $x = 5$.", "So the sum is $5$."]),
    ("5", &["Hence\n$$x = 5$$", "We get \\(5\\). I hope this helps!", "Thus $2 + 3$ is $5$."]),
    ("5", &["答案是5。", "答案：5", "最终答案是 $5$。", "因此答案为\\(5\\)。", "所以x为 $5$。"]),
    ("5", &["答案是5，因为2+3=5。", "**答案**：5", "The result is 5.", "The value of x is 5."]),
    ("5", &["The final result is $5$.", "The solution is x = 5.", "## Answer\n\n5", "Answer = 5"]),
    ("5", &["\\fbox{5}", "First \\boxed{2}, \\boxed{3}.\nSo \\boxed{5}"]),
    ("$\\frac{1}{2}$", &["\\boxed{0.5}", "1/2"]),
    ("\\boxed{\\frac{1}{2}}", &["\\boxed{0.5}"]),
    ("We add 2 and 3.\nThe answer is 5.", &["\\boxed{5}"]),
    ("So $x = 5$.", &["\\boxed{5}"]),
    ("**5**", &["\\boxed{5}"]),
];

/// The rows of a table that are accepted, or not accepted.
fn judged(table: &[(&str, &[&str])], accepted: bool) -> Vec<String> {
    let mut found = Vec::new();
    for (gold, replies) in table {
        for reply in *replies {
            let verdict = check_math(gold, reply, &Policy::math());
            if verdict.is_correct() == accepted {
                found.push(format!(
                    "{gold} | {reply}: {} {}",
                    verdict.verdict.as_str(),
                    verdict.reason
                ));
            }
        }
    }
    found
}

#[test]
fn wrong_answers_are_never_accepted() {
    let misjudged = judged(WRONG, true);
    assert!(misjudged.is_empty(), "{misjudged:#?}");
}

#[test]
fn right_answers_in_unusual_dress_are_accepted() {
    let misjudged = judged(RIGHT, false);
    assert!(misjudged.is_empty(), "{misjudged:#?}");
}
