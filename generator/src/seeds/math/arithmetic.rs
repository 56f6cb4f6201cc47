use lehr_record::Domain;

use super::{
    WordProblem,
    word_problem::{factors, tell, term},
};
use crate::seeds::{Difficulty, Draw, Family};

pub(super) const FAMILY: Family = Family {
    name: "math.arithmetic",
    domain: Domain::Math,
    about: "plain sums, differences, products and quotients, the easiest of all",
    draw: |draw| tell(draw, &[sum, three, difference, product, quotient]),
};

fn sum(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (a, b) = (term(draw, level), term(draw, level));
    let statement = match draw.int(0..=2) {
        0 => format!("What is {a} + {b}?"),
        1 => format!("What is the sum of {a} and {b}?"),
        _ => format!("What number do you get when you add {b} to {a}?"),
    };
    WordProblem::whole(level, statement, format!("{a} + {b}"), a + b)
}

fn three(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (a, b, c) = (term(draw, level), term(draw, level), term(draw, level));
    let statement = if draw.coin() {
        format!("What is {a} + {b} + {c}?")
    } else {
        format!("What is the sum of {a}, {b} and {c}?")
    };
    WordProblem::whole(level, statement, format!("{a} + {b} + {c}"), a + b + c)
}

fn difference(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (b, left) = (term(draw, level), term(draw, level));
    let a = b + left;
    let statement = match draw.int(0..=2) {
        0 => format!("What is {a} - {b}?"),
        1 => format!("What is {a} minus {b}?"),
        _ => format!("What number do you get when you take {b} away from {a}?"),
    };
    WordProblem::whole(level, statement, format!("{a} - {b}"), left)
}

fn product(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (a, b) = factors(draw, level);
    let statement = match draw.int(0..=2) {
        0 => format!("What is {a} * {b}?"),
        1 => format!("What is {a} times {b}?"),
        _ => format!("What is the product of {a} and {b}?"),
    };
    WordProblem::whole(level, statement, format!("{a} * {b}"), a * b)
}

fn quotient(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (a, b) = factors(draw, level);
    let total = a * b;
    let statement = match draw.int(0..=2) {
        0 => format!("What is {total} / {a}?"),
        1 => format!("What is {total} divided by {a}?"),
        _ => format!("How many times does {a} fit into {total}?"),
    };
    WordProblem::whole(level, statement, format!("{total} / {a}"), b)
}
