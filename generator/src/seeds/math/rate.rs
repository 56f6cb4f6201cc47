use lehr_record::Domain;

use super::{
    WordProblem,
    word_problem::{factors, tell},
};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{TOYS, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.rate",
    domain: Domain::Math,
    about: "speed, flow and production at a constant rate",
    draw: |draw| tell(draw, &[distance, hours, speed, machine, tank, typing]),
};

const VEHICLES: &[(&str, i64, i64)] = &[
    ("cyclist", 10, 30),
    ("car", 40, 120),
    ("train", 60, 200),
    ("truck", 40, 90),
    ("boat", 10, 45),
    ("motorbike", 30, 110),
    ("bus", 30, 90),
    ("ship", 20, 50),
    ("horse rider", 8, 20),
];

/// A vehicle, its speed in kilometers an hour, and a time in hours.
fn journey(draw: &mut Draw) -> (&'static str, i64, i64, Difficulty) {
    let &(vehicle, slow, fast) = draw.pick(VEHICLES);
    let (speed, hours) = (draw.int(slow..=fast), draw.int(2..=12));
    let easy = speed % 10 == 0 || speed * hours <= 60;
    (vehicle, speed, hours, if easy { Difficulty::Easy } else { Difficulty::Medium })
}

fn distance(draw: &mut Draw) -> WordProblem {
    let (vehicle, speed, hours, level) = journey(draw);
    let statement = format!(
        "A {vehicle} travels at a constant speed of {speed} kilometers per hour. How many \
         kilometers does the {vehicle} travel in {hours} hours?"
    );
    WordProblem::whole(level, statement, format!("{speed} * {hours}"), speed * hours)
}

fn hours(draw: &mut Draw) -> WordProblem {
    let (vehicle, speed, hours, level) = journey(draw);
    let way = speed * hours;
    let statement = format!(
        "A {vehicle} travels at a constant speed of {speed} kilometers per hour. How many hours \
         does the {vehicle} need for {way} kilometers?"
    );
    WordProblem::whole(level, statement, format!("{way} / {speed}"), hours)
}

fn speed(draw: &mut Draw) -> WordProblem {
    let (vehicle, speed, hours, level) = journey(draw);
    let way = speed * hours;
    let statement = format!(
        "A {vehicle} travels {way} kilometers in {hours} hours at a constant speed. What is the \
         speed in kilometers per hour?"
    );
    WordProblem::whole(level, statement, format!("{way} / {hours}"), speed)
}

fn machine(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let thing = draw.pick(TOYS);
    let (minutes, each) = factors(draw, level);
    let statement = format!(
        "A machine makes {} every minute. How many {} does it make in {minutes} minutes?",
        thing.count(each),
        thing.many,
    );
    WordProblem::whole(level, statement, format!("{each} * {minutes}"), each * minutes)
}

fn tank(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (each, minutes) = factors(draw, level);
    let (what, total) = (draw.pick(&["tank", "pool", "barrel", "pond", "bathtub"]), each * minutes);
    let statement = format!(
        "An empty {what} holds {total} liters. Water flows into it at {each} liters per minute. How \
         many minutes does it take to fill the {what}?"
    );
    WordProblem::whole(level, statement, format!("{total} / {each}"), minutes)
}

fn typing(draw: &mut Draw) -> WordProblem {
    let level = Difficulty::draw(draw);
    let (who, each, minutes) = (person(draw), draw.int(20..=80), draw.int(2..=15));
    let statement = format!(
        "{} types {each} words per minute. How many words does {} type in {minutes} minutes?",
        who.name,
        who.they(),
    );
    WordProblem::whole(level, statement, format!("{each} * {minutes}"), each * minutes)
}
