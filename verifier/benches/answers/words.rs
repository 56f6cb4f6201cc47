//! Letters of multiple choice, and answers in words.

use crate::number::quotient;
use crate::pair::{Answers, Class, Pair, id};
use crate::random::Random;
use crate::reply;

/// A multiple choice that was not yet numbered.
pub(crate) struct Choice {
    gold: char,
    options: Vec<String>,
    reply: String,
    same: bool,
}

impl Choice {
    pub(crate) fn pair(self, number: usize) -> Pair {
        Pair {
            id: id(Class::Choice, number, self.same),
            class: Class::Choice,
            gold: self.gold.to_string(),
            reply: self.reply,
            options: self.options,
            same: self.same,
        }
    }
}

pub(crate) fn choice(random: &mut Random, same: bool) -> Choice {
    let first = random.within(2, 60);
    let options: Vec<String> =
        (0..4).map(|k| quotient(first + 7 * k, if random.one_in(3) { 4 } else { 1 })).collect();
    let gold = random.below(4);
    let said = if same { gold } else { (gold + 1 + random.below(3)) % 4 };
    let letter = |at: usize| char::from(b'A' + at as u8);
    let (said, text) = (letter(said), &options[said]);
    let end = match random.below(5) {
        0 => format!("\\boxed{{{said}}}"),
        1 => format!("The answer is ({said})."),
        2 => format!("Therefore, the correct answer is **{said}**."),
        3 => format!("{said}. ${text}$"),
        _ => format!("So the answer is \\boxed{{\\text{{({said})}}}}."),
    };
    let reply = if random.one_in(2) { end } else { reply::after_prose(random, &end) };
    Choice { gold: letter(gold), options, reply, same }
}

pub(crate) fn text(random: &mut Random, same: bool) -> Answers {
    const GROUPS: [&[&str]; 6] = [
        &["yes", "no"],
        &["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        &["isosceles", "equilateral", "scalene", "right"],
        &["even", "odd", "neither"],
        &["parabola", "ellipse", "hyperbola", "circle"],
        &["Evelyn", "Briana", "Angela", "Carla", "Debra"],
    ];
    let group = GROUPS[random.below(GROUPS.len())];
    let at = random.below(group.len());
    let other = if same { at } else { (at + 1 + random.below(group.len() - 1)) % group.len() };
    let answer = match random.below(4) {
        0 => group[other].to_uppercase(),
        1 => group[other].to_owned(),
        _ => format!("\\text{{{}}}", group[other]),
    };
    Answers::new(format!("\\text{{{}}}", group[at]), answer, same)
}
