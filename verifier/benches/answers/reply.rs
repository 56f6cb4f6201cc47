//! Replies as models write them: some steps of prose with numbers and formulas, and the answer in
//! a box, behind `####` or after a phrase.

use crate::pair::Class;
use crate::random::Random;

/// How many bytes of prose a long reply has at least and at most.
const PROSE: (i64, i64) = (100, 1_500);

/// A reply that gives an answer; half of them with prose before it.
pub(crate) fn with(random: &mut Random, class: Class, answer: &str) -> String {
    let plain = matches!(class, Class::Integer | Class::Decimal) && !answer.contains('\\');
    let end = match random.below(10) {
        0..=3 => format!("\\boxed{{{answer}}}"),
        4 => format!("$\\boxed{{{answer}}}$"),
        5 => format!("\\[\n\\boxed{{{answer}}}\n\\]"),
        6 if plain => format!("#### {answer}"),
        6 => format!("#### ${answer}$"),
        7 if plain => format!("The answer is {answer}."),
        7 | 8 => format!("The answer is ${answer}$."),
        _ => format!("**Final Answer:** ${answer}$"),
    };
    if random.one_in(2) { end } else { after_prose(random, &end) }
}

/// Steps of a solution, then its end.
pub(crate) fn after_prose(random: &mut Random, end: &str) -> String {
    let length = random.within(PROSE.0, PROSE.1) as usize;
    let mut text = String::with_capacity(length + 200);
    let mut step = 0;
    while text.len() + end.len() < length {
        step += 1;
        if random.one_in(4) {
            text.push_str(&format!("**Step {step}:** "));
        }
        text.push_str(&sentence(random));
        text.push_str(random.pick(&[" ", "\n", "\n\n"]));
    }
    let lead = random.pick(&["", "Therefore, we have ", "Thus "]);
    if end.starts_with('$') && !lead.is_empty() {
        format!("{}\n{lead}{end}.", text.trim_end())
    } else {
        format!("{}\n{end}", text.trim_end())
    }
}

fn sentence(random: &mut Random) -> String {
    let (a, b) = (random.within(2, 99), random.within(2, 40));
    let name = random.pick(&["Natalia", "James", "Weng", "Tina", "the farmer", "Mr. Lee"]);
    let thing = random.pick(&["clips", "apples", "pages", "tickets", "dollars", "miles"]);
    let letter = random.pick(&["x", "n", "a", "k"]);
    match random.below(14) {
        0 => format!("First, {name} has {a} {thing} and buys {b} more, so {a} + {b} = {}.", a + b),
        1 => format!("{name} sold {} / {b} = <<{}/{b}={a}>>{a} {thing} in May.", a * b, a * b),
        2 => format!("We compute $ {a} \\times {b} = {} $.", a * b),
        3 => format!("Let ${letter}$ be the number of {thing} that {name} needs."),
        4 => {
            format!("Substituting, we get \\[ {letter}^2 - {}{letter} + {} = 0, \\]", a + b, a * b)
        }
        5 => format!("which factors as $({letter} - {a})({letter} - {b}) = 0$."),
        6 => {
            format!("Since \\(\\frac{{{a}}}{{{b}}}\\) is positive, the sign does not change here.")
        }
        7 => format!("By the Pythagorean theorem, $c = \\sqrt{{{}}}$.", a * a + b * b),
        8 => format!("Next, we need to find out how many {thing} are left after {b} days."),
        9 => format!(
            "That costs \\${a}.50 for each of the {b} {thing}, before the discount of {b}%."
        ),
        10 => format!("- Total: {a} * {b} = {} {thing}", a * b),
        11 => String::from("Now we can use the fact that the sum of the angles is $180^\\circ$."),
        12 => format!(
            "Note that $\\{{ {a}, {} \\}}$ has two elements, and $f({letter}) = {b}$.",
            a + b
        ),
        _ => String::from("Let's simplify this expression, and combine the like terms first."),
    }
}
