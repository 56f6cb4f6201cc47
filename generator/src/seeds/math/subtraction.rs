use lehr_record::Domain;

use super::{
    WordProblem,
    word_problem::{tell, term},
};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{BAKES, FRUITS, GOODS, TOYS, person, two_people},
};

pub(super) const FAMILY: Family = Family {
    name: "math.subtraction",
    domain: Domain::Math,
    about: "stories solved by subtracting a whole number from a larger one",
    draw: |draw| tell(draw, &[given_away, eaten, how_many_more, stock, pages_left, passengers]),
};

/// A number, a smaller one of at least 2, and their difference of at least 2.
fn parts(draw: &mut Draw, level: Difficulty) -> (i64, i64, i64) {
    let (taken, left) = (term(draw, level), term(draw, level));
    (taken + left, taken, left)
}

fn given_away(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let ([one, other], thing) = (two_people(draw), draw.pick(TOYS));
    let (a, b, left) = parts(draw, level);
    let statement = format!(
        "{} has {}. {} gives {b} of them to {}. How many {} does {} have left?",
        one.name,
        thing.count(a),
        one.they_start(),
        other.name,
        thing.many,
        one.name,
    );
    WordProblem::whole(level, statement, format!("{a} - {b}"), left)
}

fn eaten(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let food = if draw.coin() { draw.pick(FRUITS) } else { draw.pick(BAKES) };
    let (a, b, left) = parts(draw, level);
    let statement = format!(
        "There were {} on the kitchen table before the party. The guests ate {b} of them. How many \
         {} are left?",
        food.count(a),
        food.many,
    );
    WordProblem::whole(level, statement, format!("{a} - {b}"), left)
}

fn how_many_more(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let ([one, other], thing) = (two_people(draw), draw.pick(TOYS));
    let (a, b, more) = parts(draw, level);
    let statement = format!(
        "{} has {} and {} has {}. How many more {} does {} have than {}?",
        one.name,
        thing.count(a),
        other.name,
        thing.count(b),
        thing.many,
        one.name,
        other.name,
    );
    WordProblem::whole(level, statement, format!("{a} - {b}"), more)
}

fn stock(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let goods = draw.pick(GOODS);
    let (a, b, left) = parts(draw, level);
    let statement = format!(
        "A store had {} in stock and sold {b} of them. How many {} does the store still have?",
        goods.count(a),
        goods.many,
    );
    WordProblem::whole(level, statement, format!("{a} - {b}"), left)
}

fn pages_left(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let who = person(draw);
    let (a, b, left) = parts(draw, level);
    let statement = format!(
        "{} is reading a book of {a} pages. {} has already read {b} pages. How many pages does {} \
         still have to read?",
        who.name,
        who.they_start(),
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} - {b}"), left)
}

fn passengers(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let vehicle = draw.pick(&["bus", "train", "ferry", "tram", "ship"]);
    let place = draw.pick(&["the market", "the harbor", "the museum", "the stadium", "the school"]);
    let (a, b, left) = parts(draw, level);
    let statement = format!(
        "A {vehicle} carries {a} passengers. At {place}, {b} passengers get off and nobody gets on. \
         How many passengers are on the {vehicle} now?"
    );
    WordProblem::whole(level, statement, format!("{a} - {b}"), left)
}
