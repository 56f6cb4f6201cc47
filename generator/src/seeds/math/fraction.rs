use lehr_record::Domain;

use super::{WordProblem, word_problem::tell};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{BAKES, FRUITS, GOODS, TOYS, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.fraction",
    domain: Domain::Math,
    about: "a fraction of a whole number of things, with a whole result",
    draw: |draw| tell(draw, &[part_of, half, given, remaining, trip]),
};

/// A proper fraction in lowest terms and a multiple of its denominator.
fn fraction(draw: &mut Draw) -> (i64, i64, i64, Difficulty) {
    let &(top, bottom) = draw.pick(&[
        (1, 2),
        (1, 3),
        (2, 3),
        (1, 4),
        (3, 4),
        (1, 5),
        (2, 5),
        (3, 5),
        (4, 5),
        (1, 6),
        (5, 6),
        (1, 8),
        (3, 8),
        (1, 10),
        (3, 10),
    ]);
    let total = bottom * draw.int(2..=30);
    let easy = top == 1 && total <= 60;
    (top, bottom, total, if easy { Difficulty::Easy } else { Difficulty::Medium })
}

fn part_of(draw: &mut Draw) -> WordProblem {
    let (top, bottom, total, level) = fraction(draw);
    let (who, thing) = (person(draw), draw.pick(TOYS));
    let color = draw.pick(&["red", "blue", "green", "yellow", "white", "black"]);
    let statement = format!(
        "{} has {}. {top}/{bottom} of them are {color}. How many of the {} are {color}?",
        who.name,
        thing.count(total),
        thing.many,
    );
    WordProblem::whole(
        level,
        statement,
        format!("{total} * {top} / {bottom}"),
        total * top / bottom,
    )
}

fn half(draw: &mut Draw) -> WordProblem {
    let &(word, bottom) =
        draw.pick(&[("Half", 2), ("A third", 3), ("A quarter", 4), ("A fifth", 5)]);
    let total = bottom * draw.int(2..=40);
    let people = draw.pick(&["students", "visitors", "members", "players", "workers", "guests"]);
    let verb =
        draw.pick(&["wear glasses", "speak Spanish", "ride a bicycle", "own a cat", "like tea"]);
    let place = draw.pick(&["a school", "a club", "a museum", "a hotel", "a town hall"]);
    let statement = format!(
        "There are {total} {people} in {place}. {word} of them {verb}. How many of the {people} \
         {verb}?"
    );
    let level = if total <= 40 { Difficulty::Easy } else { Difficulty::Medium };
    WordProblem::whole(level, statement, format!("{total} / {bottom}"), total / bottom)
}

fn given(draw: &mut Draw) -> WordProblem {
    let (top, bottom, total, level) = fraction(draw);
    let who = person(draw);
    let food = if draw.coin() { draw.pick(FRUITS) } else { draw.pick(BAKES) };
    let statement = format!(
        "{} has {} and gives {top}/{bottom} of them to a neighbor. How many {} does the neighbor \
         get?",
        who.name,
        food.count(total),
        food.many,
    );
    WordProblem::whole(
        level,
        statement,
        format!("{total} * {top} / {bottom}"),
        total * top / bottom,
    )
}

fn remaining(draw: &mut Draw) -> WordProblem {
    let (top, bottom, total, _) = fraction(draw);
    let goods = draw.pick(GOODS);
    let statement = format!(
        "A store has {} and sells {top}/{bottom} of them. How many {} are left?",
        goods.count(total),
        goods.many,
    );
    WordProblem::whole(
        Difficulty::Hard,
        statement,
        format!("{total} - {total} * {top} / {bottom}"),
        total - total * top / bottom,
    )
}

fn trip(draw: &mut Draw) -> WordProblem {
    let (top, bottom, total, level) = fraction(draw);
    let who = person(draw);
    let statement = format!(
        "{} is on a hike of {total} kilometers and has walked {top}/{bottom} of the way. How many \
         kilometers has {} walked?",
        who.name,
        who.they(),
    );
    WordProblem::whole(
        level,
        statement,
        format!("{total} * {top} / {bottom}"),
        total * top / bottom,
    )
}
