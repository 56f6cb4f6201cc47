use lehr_record::Domain;

use super::{
    WordProblem,
    word_problem::{tell, term},
};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{ANIMALS, BAKES, BOXES, FRUITS, GOODS, TOYS, person, two_people},
};

pub(super) const FAMILY: Family = Family {
    name: "math.addition",
    domain: Domain::Math,
    about: "stories solved by adding two or three whole numbers",
    draw: |draw| tell(draw, &[gift, boxes, picked, farm, pages, sold, older]),
};

fn gift(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let ([one, other], thing) = (two_people(draw), draw.pick(TOYS));
    let (a, b) = (term(draw, level), term(draw, level));
    let statement = format!(
        "{} has {}. {} gives {} {b} more. How many {} does {} have now?",
        one.name,
        thing.count(a),
        other.name,
        one.them(),
        thing.many,
        one.name,
    );
    WordProblem::whole(level, statement, format!("{a} + {b}"), a + b)
}

fn boxes(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let ([first, second], thing) = (draw.pick_distinct(BOXES), draw.pick(TOYS));
    let (a, b) = (term(draw, level), term(draw, level));
    let statement = format!(
        "There are {} in {} and {} in {}. How many {} are there altogether?",
        thing.count(a),
        first.a(),
        thing.count(b),
        second.a(),
        thing.many,
    );
    WordProblem::whole(level, statement, format!("{a} + {b}"), a + b)
}

fn picked(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, fruit) = (person(draw), draw.pick(FRUITS));
    let (a, b) = (term(draw, level), term(draw, level));
    let statement = format!(
        "{} picked {} in the morning and {} in the afternoon. How many {} did {} pick that day?",
        who.name,
        fruit.count(a),
        fruit.count(b),
        fruit.many,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} + {b}"), a + b)
}

fn farm(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let ([one, two, three], who) = (draw.pick_distinct(ANIMALS), person(draw));
    let (a, b, c) = (term(draw, level), term(draw, level), term(draw, level));
    if level == Difficulty::Easy {
        let statement = format!(
            "{} keeps {} and {} on a farm. How many animals does {} keep in total?",
            who.name,
            one.count(a),
            two.count(b),
            who.they(),
        );
        return WordProblem::whole(level, statement, format!("{a} + {b}"), a + b);
    }
    let statement = format!(
        "{} keeps {}, {} and {} on a farm. How many animals does {} keep in total?",
        who.name,
        one.count(a),
        two.count(b),
        three.count(c),
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} + {b} + {c}"), a + b + c)
}

fn pages(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let who = person(draw);
    let (a, b, c) = (term(draw, level), term(draw, level), term(draw, level));
    let statement = format!(
        "{} read {a} pages of a book on Monday, {b} pages on Tuesday and {c} pages on Wednesday. \
         How many pages did {} read in these three days?",
        who.name,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} + {b} + {c}"), a + b + c)
}

fn sold(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let goods = if draw.coin() { draw.pick(BAKES) } else { draw.pick(GOODS) };
    let (a, b) = (term(draw, level), term(draw, level));
    let statement = format!(
        "A shop sold {} on Friday and {} on Saturday. How many {} did the shop sell on both days \
         together?",
        goods.count(a),
        goods.count(b),
        goods.many,
    );
    WordProblem::whole(level, statement, format!("{a} + {b}"), a + b)
}

fn older(draw: &mut Draw) -> WordProblem {
    let who = person(draw);
    let (a, b) = (draw.int(6..=60), draw.int(2..=30));
    let statement = format!(
        "{} is {a} years old today. How old will {} be in {b} years?",
        who.name,
        who.they(),
    );
    let level = if a + b <= 20 { Difficulty::Easy } else { Difficulty::Medium };
    WordProblem::whole(level, statement, format!("{a} + {b}"), a + b)
}
