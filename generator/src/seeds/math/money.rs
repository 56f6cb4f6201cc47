use lehr_record::Domain;

use super::{WordProblem, word_problem::tell};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{FRUITS, GOODS, amount, dollars, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.money",
    domain: Domain::Math,
    about: "prices, change, wages and savings in dollars and cents",
    draw: |draw| tell(draw, &[price, change, basket, wage, savings, unit_price]),
};

/// A price in cents: whole dollars when easy, quarters when medium, any when hard.
fn cents(draw: &mut Draw, level: Difficulty) -> i64 {
    match level {
        Difficulty::Easy => 100 * draw.int(2..=12),
        Difficulty::Medium => 25 * draw.int(2..=60),
        Difficulty::Hard => 5 * draw.int(11..=500),
    }
}

fn problem(level: Difficulty, statement: String, equation: String, cents: i64) -> WordProblem {
    WordProblem { difficulty: level, statement, equation, answer: amount(cents) }
}

fn price(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, goods, each, n) =
        (person(draw), draw.pick(GOODS), cents(draw, level), draw.int(2..=12));
    let statement = format!(
        "{} costs {}. How many dollars does {} pay for {}?",
        capital(&goods.a()),
        dollars(each),
        who.name,
        goods.count(n),
    );
    problem(level, statement, format!("{} * {n}", amount(each)), each * n)
}

fn change(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, goods, cost) = (person(draw), draw.pick(GOODS), cents(draw, level));
    let bills: Vec<i64> = [500, 1000, 2000, 5000].into_iter().filter(|bill| *bill > cost).collect();
    let paid = *draw.pick(&bills);
    let statement = format!(
        "{} buys {} for {} and pays with a {} bill. How many dollars does {} get back?",
        who.name,
        goods.a(),
        dollars(cost),
        dollars(paid),
        who.they(),
    );
    problem(level, statement, format!("{} - {}", amount(paid), amount(cost)), paid - cost)
}

fn basket(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, [one, other]) = (person(draw), draw.pick_distinct(GOODS));
    let (a, b) = (cents(draw, level), cents(draw, level));
    let statement = format!(
        "{} buys {} for {} and {} for {}. How many dollars does {} spend in total?",
        who.name,
        one.a(),
        dollars(a),
        other.a(),
        dollars(b),
        who.they(),
    );
    problem(level, statement, format!("{} + {}", amount(a), amount(b)), a + b)
}

fn wage(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, hours) = (person(draw), draw.int(2..=40));
    let hourly = 100 * draw.int(8..=30);
    let job =
        draw.pick(&["in a bakery", "in a library", "at a farm", "as a gardener", "in a café"]);
    let statement = format!(
        "{} works {job} and earns {} an hour. How many dollars does {} earn in {hours} hours?",
        who.name,
        dollars(hourly),
        who.they(),
    );
    problem(level, statement, format!("{} * {hours}", amount(hourly)), hourly * hours)
}

fn savings(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, goods) = (person(draw), draw.pick(&["bicycle", "guitar", "tent", "camera", "lamp"]));
    let (weekly, weeks) = (draw.int(3..=20), draw.int(3..=20));
    let cost = weekly * weeks;
    let statement = format!(
        "{} wants to buy a {goods} that costs ${cost}. {} saves ${weekly} every week. How many \
         weeks does {} have to save?",
        who.name,
        who.they_start(),
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{cost} / {weekly}"), weeks)
}

fn unit_price(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (fruit, n, each) = (draw.pick(FRUITS), draw.int(2..=12), 5 * draw.int(4..=40));
    let statement = format!(
        "{} cost {} at the market, all at the same price. How many dollars does one {} cost?",
        fruit.count(n),
        dollars(each * n),
        fruit.one,
    );
    problem(level, statement, format!("{} / {n}", amount(each * n)), each)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
