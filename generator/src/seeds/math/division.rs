use lehr_record::Domain;

use super::{
    WordProblem,
    word_problem::{factors, tell},
};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{BAKES, BOXES, FRUITS, ROWS, TOYS, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.division",
    domain: Domain::Math,
    about: "stories solved by a division without remainder",
    draw: |draw| tell(draw, &[shared, packed, rows, per_day, teams, ribbon]),
};

/// A product with its two factors, both at least 2.
fn parts(draw: &mut Draw, level: Difficulty) -> (i64, i64, i64) {
    let (a, b) = factors(draw, level);
    (a * b, a, b)
}

fn shared(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, thing) = (person(draw), draw.pick(TOYS));
    let (total, friends, each) = parts(draw, level);
    let statement = format!(
        "{} shares {} equally among {friends} friends. How many {} does each friend get?",
        who.name,
        thing.count(total),
        thing.many,
    );
    WordProblem::whole(level, statement, format!("{total} / {friends}"), each)
}

fn packed(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, holder) = (person(draw), draw.pick(BOXES));
    let food = if draw.coin() { draw.pick(FRUITS) } else { draw.pick(BAKES) };
    let (total, each, holders) = parts(draw, level);
    let statement = format!(
        "{} has {} and puts {each} of them in each {}. How many {} does {} fill?",
        who.name,
        food.count(total),
        holder.one,
        holder.many,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{total} / {each}"), holders)
}

fn rows(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let thing = draw.pick(ROWS);
    let (total, rows, each) = parts(draw, level);
    let statement = format!(
        "{} stand in {rows} rows with the same number in each row. How many {} are in one row?",
        thing.count(total),
        thing.many,
    );
    WordProblem::whole(level, statement, format!("{total} / {rows}"), each)
}

fn per_day(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let who = person(draw);
    let (total, each, days) = parts(draw, level);
    let statement = format!(
        "{} has a book of {total} pages and reads {each} pages every day. How many days does {} \
         need to finish the book?",
        who.name,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{total} / {each}"), days)
}

fn teams(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let people = draw.pick(&["children", "players", "students", "dancers", "runners", "scouts"]);
    let group = draw.pick(&["teams", "groups"]);
    let (total, each, groups) = parts(draw, level);
    let statement = format!(
        "{total} {people} form {group} of {each} {people}, and nobody is left over. How many \
         {group} are there?"
    );
    WordProblem::whole(level, statement, format!("{total} / {each}"), groups)
}

fn ribbon(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, what) = (person(draw), draw.pick(&["rope", "ribbon", "wire", "board", "string"]));
    let (total, pieces, each) = parts(draw, level);
    let statement = format!(
        "{} cuts a {what} that is {total} centimeters long into {pieces} pieces of equal length. \
         How many centimeters long is each piece?",
        who.name,
    );
    WordProblem::whole(level, statement, format!("{total} / {pieces}"), each)
}
