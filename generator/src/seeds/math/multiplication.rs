use lehr_record::Domain;

use super::{
    WordProblem,
    word_problem::{factors, tell},
};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{BAKES, BOXES, ROWS, TOYS, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.multiplication",
    domain: Domain::Math,
    about: "stories solved by multiplying two whole numbers",
    draw: |draw| tell(draw, &[in_boxes, rows, daily, baked, legs, area]),
};

fn in_boxes(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, holder, thing) = (person(draw), draw.pick(BOXES), draw.pick(TOYS));
    let (a, b) = factors(draw, level);
    let statement = format!(
        "{} has {} with {} in each. How many {} does {} have in total?",
        who.name,
        holder.count(a),
        thing.count(b),
        thing.many,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{a} * {b}"), a * b)
}

fn rows(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let thing = draw.pick(ROWS);
    let (a, b) = factors(draw, level);
    let statement = format!(
        "There are {a} rows of {}. Each row has {}. How many {} are there in all?",
        thing.many,
        thing.count(b),
        thing.many,
    );
    WordProblem::whole(level, statement, format!("{a} * {b}"), a * b)
}

fn daily(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let who = person(draw);
    let (days, each) = factors(draw, level);
    let (does, base, what) = draw.pick(&[
        ("runs", "run", "kilometers"),
        ("learns", "learn", "new words"),
        ("solves", "solve", "puzzles"),
        ("writes", "write", "lines of code"),
        ("swims", "swim", "laps"),
        ("drinks", "drink", "glasses of water"),
    ]);
    let statement = format!(
        "{} {does} {each} {what} every day. How many {what} does {} {base} in {days} days?",
        who.name,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{each} * {days}"), each * days)
}

fn baked(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, bake) = (person(draw), draw.pick(BAKES));
    let (trays, each) = factors(draw, level);
    let statement = format!(
        "{} bakes {trays} trays of {}. Each tray holds {}. How many {} does {} bake?",
        who.name,
        bake.many,
        bake.count(each),
        bake.many,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{trays} * {each}"), trays * each)
}

fn legs(draw: &mut Draw) -> WordProblem {
    let (one, many, part, each) = draw.pick(&[
        ("A spider", "spiders", "legs", 8),
        ("An ant", "ants", "legs", 6),
        ("A dog", "dogs", "legs", 4),
        ("A tricycle", "tricycles", "wheels", 3),
        ("A car", "cars", "wheels", 4),
        ("A bicycle", "bicycles", "wheels", 2),
        ("A triangle", "triangles", "sides", 3),
        ("A hexagon", "hexagons", "sides", 6),
        ("A week", "weeks", "days", 7),
    ]);
    let n = draw.int(2..=99);
    let statement = format!("{one} has {each} {part}. How many {part} do {n} {many} have?");
    let level = if n <= 10 { Difficulty::Easy } else { Difficulty::Medium };
    WordProblem::whole(level, statement, format!("{n} * {each}"), n * each)
}

fn area(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let place = draw.pick(&["garden", "room", "field", "playground", "carpet", "wall", "hall"]);
    let (a, b) = factors(draw, level);
    let statement = format!(
        "A rectangular {place} is {a} meters wide and {b} meters long. What is its area in square \
         meters?"
    );
    WordProblem::whole(level, statement, format!("{a} * {b}"), a * b)
}
