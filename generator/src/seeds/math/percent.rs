use lehr_record::Domain;

use super::{WordProblem, word_problem::tell};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{GOODS, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.percent",
    domain: Domain::Math,
    about: "percentages of round numbers, discounts and growth, with whole results",
    draw: |draw| tell(draw, &[part, discount, final_price, growth, score]),
};

/// A percentage and a number of which it is a whole number.
fn percent(draw: &mut Draw) -> (i64, i64, Difficulty) {
    let rate = *draw.pick(&[5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 90]);
    let total = 20 * draw.int(1..=40);
    let easy = matches!(rate, 10 | 50) || total == 100;
    (rate, total, if easy { Difficulty::Easy } else { Difficulty::Medium })
}

fn part(draw: &mut Draw) -> WordProblem {
    let (rate, total, level) = percent(draw);
    let people = draw.pick(&["students", "visitors", "workers", "members", "passengers", "voters"]);
    let fact =
        draw.pick(&["live in the city", "play an instrument", "walk to work", "have a pet", "ski"]);
    let statement =
        format!("Of {total} {people}, {rate}% {fact}. How many of the {people} {fact}?");
    WordProblem::whole(level, statement, format!("{total} * {rate} / 100"), total * rate / 100)
}

fn discount(draw: &mut Draw) -> WordProblem {
    let (rate, price, level) = percent(draw);
    let what = draw.pick(&["coat", "table", "bicycle", "phone", "sofa", "watch", "piano", "desk"]);
    let statement = format!(
        "A {what} costs ${price}. In the sale there is a discount of {rate}%. How many dollars is \
         the discount?"
    );
    WordProblem::whole(level, statement, format!("{price} * {rate} / 100"), price * rate / 100)
}

fn final_price(draw: &mut Draw) -> WordProblem {
    let (rate, price, _) = percent(draw);
    let (who, what) = (person(draw), draw.pick(&["jacket", "chair", "camera", "tent", "carpet"]));
    let statement = format!(
        "{} buys a {what} with a regular price of ${price} and gets a discount of {rate}%. How many \
         dollars does {} pay?",
        who.name,
        who.they(),
    );
    WordProblem::whole(
        Difficulty::Hard,
        statement,
        format!("{price} - {price} * {rate} / 100"),
        price - price * rate / 100,
    )
}

fn growth(draw: &mut Draw) -> WordProblem {
    let (rate, total, _) = percent(draw);
    let (place, people) = draw.pick(&[
        ("village", "inhabitants"),
        ("school", "students"),
        ("company", "workers"),
        ("chess club", "members"),
    ]);
    let statement = format!(
        "A {place} has {total} {people}. Their number grows by {rate}%. How many {people} are there \
         then?"
    );
    WordProblem::whole(
        Difficulty::Hard,
        statement,
        format!("{total} + {total} * {rate} / 100"),
        total + total * rate / 100,
    )
}

fn score(draw: &mut Draw) -> WordProblem {
    let (rate, total, level) = percent(draw);
    let (who, goods) = (person(draw), draw.pick(GOODS));
    let statement = format!(
        "{} orders {} for a shop. {rate}% of them arrive on the first day. How many {} arrive on \
         the first day?",
        who.name,
        goods.count(total),
        goods.many,
    );
    WordProblem::whole(level, statement, format!("{total} * {rate} / 100"), total * rate / 100)
}
