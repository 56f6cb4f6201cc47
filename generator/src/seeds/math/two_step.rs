use lehr_record::Domain;

use super::{WordProblem, word_problem::tell};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{BAKES, BOXES, FRUITS, GOODS, TOYS, person, two_people},
};

pub(super) const FAMILY: Family = Family {
    name: "math.two_step",
    domain: Domain::Math,
    about: "stories that take two different operations",
    draw: |draw| {
        tell(
            draw,
            &[boxes_and_more, bought_and_lost, twice, shared_rest, shopping, bus, baked_eaten],
        )
    },
};

fn level(draw: &mut Draw) -> (Difficulty, i64) {
    if draw.coin() { (Difficulty::Medium, 9) } else { (Difficulty::Hard, 40) }
}

fn boxes_and_more(draw: &mut Draw) -> WordProblem {
    let (level, most) = level(draw);
    let (who, holder, thing) = (person(draw), draw.pick(BOXES), draw.pick(TOYS));
    let (a, b, c) = (draw.int(2..=9), draw.int(2..=most), draw.int(2..=most));
    let statement = format!(
        "{} has {} with {} in each, and {c} more {} on the table. How many {} does {} have \
         altogether?",
        who.name,
        holder.count(a),
        thing.count(b),
        thing.many,
        thing.many,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} * {b} + {c}"), a * b + c)
}

fn bought_and_lost(draw: &mut Draw) -> WordProblem {
    let (level, most) = level(draw);
    let (who, thing) = (person(draw), draw.pick(TOYS));
    let (a, b) = (draw.int(5..=most + 10), draw.int(2..=most));
    let c = draw.int(2..=a + b - 2);
    let statement = format!(
        "{} had {}. {} bought {b} more and then lost {c} of them. How many {} does {} have now?",
        who.name,
        thing.count(a),
        who.they_start(),
        thing.many,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} + {b} - {c}"), a + b - c)
}

fn twice(draw: &mut Draw) -> WordProblem {
    let (level, most) = level(draw);
    let ([one, other], fruit) = (two_people(draw), draw.pick(FRUITS));
    let &(word, times) = draw.pick(&[("twice", 2), ("three times", 3), ("four times", 4)]);
    let a = draw.int(3..=most + 5);
    let statement = format!(
        "{} picked {}. {} picked {word} as many. How many {} did they pick together?",
        one.name,
        fruit.count(a),
        other.name,
        fruit.many,
    );
    WordProblem::whole(level, statement, format!("{a} + {a} * {times}"), a + a * times)
}

fn shared_rest(draw: &mut Draw) -> WordProblem {
    let (level, most) = level(draw);
    let (who, thing) = (person(draw), draw.pick(TOYS));
    let (kept, friends, each) = (draw.int(2..=most), draw.int(2..=6), draw.int(2..=9));
    let total = kept + friends * each;
    let statement = format!(
        "{} has {}. {} keeps {kept} of them and shares the rest equally among {friends} friends. \
         How many {} does each friend get?",
        who.name,
        thing.count(total),
        who.they_start(),
        thing.many,
    );
    WordProblem::whole(level, statement, format!("({total} - {kept}) / {friends}"), each)
}

fn shopping(draw: &mut Draw) -> WordProblem {
    let (level, _) = level(draw);
    let (who, goods) = (person(draw), draw.pick(GOODS));
    let (each, n) = (draw.int(2..=9), draw.int(2..=6));
    let money = each * n + draw.int(2..=40);
    let statement = format!(
        "{} has ${money} and buys {} for ${each} each. How many dollars does {} have left?",
        who.name,
        goods.count(n),
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{money} - {n} * {each}"), money - n * each)
}

fn bus(draw: &mut Draw) -> WordProblem {
    let (level, most) = level(draw);
    let (start, on) = (draw.int(6..=most + 12), draw.int(2..=most));
    let off = draw.int(2..=start - 2);
    let place = draw.pick(&["the library", "the park", "the station", "the hospital", "the pool"]);
    let statement = format!(
        "A bus leaves with {start} people. At {place}, {off} people get off and {on} people get on. \
         How many people are on the bus then?"
    );
    WordProblem::whole(level, statement, format!("{start} - {off} + {on}"), start - off + on)
}

fn baked_eaten(draw: &mut Draw) -> WordProblem {
    let (level, most) = level(draw);
    let (who, bake) = (person(draw), draw.pick(BAKES));
    let (trays, each) = (draw.int(2..=6), draw.int(3..=most));
    let eaten = draw.int(2..=trays * each - 2);
    let statement = format!(
        "{} bakes {trays} trays with {} each. The family eats {eaten} of them. How many {} are left?",
        who.name,
        bake.count(each),
        bake.many,
    );
    WordProblem::whole(
        level,
        statement,
        format!("{trays} * {each} - {eaten}"),
        trays * each - eaten,
    )
}
