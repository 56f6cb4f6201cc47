use lehr_record::Domain;

use super::{WordProblem, word_problem::tell};
use crate::seeds::{
    Difficulty, Draw, Family,
    words::{TOYS, person},
};

pub(super) const FAMILY: Family = Family {
    name: "math.average",
    domain: Domain::Math,
    about: "the average of two to five whole numbers, with a whole result",
    draw: |draw| tell(draw, &[scores, temperatures, children, visitors]),
};

/// Numbers with a whole average, which comes last.
///
/// The last number is raised until the sum is a multiple of their count.
fn numbers(draw: &mut Draw, most: i64) -> (Vec<i64>, i64, Difficulty) {
    let n = draw.int(2..=5);
    let mut all: Vec<i64> = (0..n).map(|_| draw.int(2..=most)).collect();
    let sum: i64 = all.iter().sum();
    let missing = (n - sum % n) % n;
    if let Some(last) = all.last_mut() {
        *last += missing;
    }
    let level = match n {
        2 => Difficulty::Easy,
        3 => Difficulty::Medium,
        _ => Difficulty::Hard,
    };
    (all, (sum + missing) / n, level)
}

/// `3, 4 and 8`.
fn list(numbers: &[i64]) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

fn problem(level: Difficulty, statement: String, all: &[i64], average: i64) -> WordProblem {
    let sum: Vec<String> = all.iter().map(ToString::to_string).collect();
    let equation = format!("({}) / {}", sum.join(" + "), all.len());
    WordProblem::whole(level, statement, equation, average)
}

fn scores(draw: &mut Draw) -> WordProblem {
    let (all, average, level) = numbers(draw, 40);
    let (who, game) = (person(draw), draw.pick(&["quiz", "game", "test", "match", "contest"]));
    let plural = match *game {
        "quiz" => "quizzes",
        "match" => "matches",
        "game" => "games",
        "test" => "tests",
        _ => "contests",
    };
    let statement = format!(
        "{} scored {} points in {} {plural}. What was the average score per {game}?",
        who.name,
        list(&all),
        all.len(),
    );
    problem(level, statement, &all, average)
}

fn temperatures(draw: &mut Draw) -> WordProblem {
    let (all, average, level) = numbers(draw, 30);
    let city =
        draw.pick(&["Lisbon", "Oslo", "Nairobi", "Lima", "Kyoto", "Denver", "Cairo", "Pune"]);
    let statement = format!(
        "In {city}, the temperature at noon was {} degrees on {} days in a row. What was the \
         average temperature at noon in degrees?",
        list(&all),
        all.len(),
    );
    problem(level, statement, &all, average)
}

fn children(draw: &mut Draw) -> WordProblem {
    let (all, average, level) = numbers(draw, 24);
    let thing = draw.pick(TOYS);
    let statement = format!(
        "{} children have {} {}. What is the average number of {} per child?",
        all.len(),
        list(&all),
        thing.many,
        thing.many,
    );
    problem(level, statement, &all, average)
}

fn visitors(draw: &mut Draw) -> WordProblem {
    let (all, average, level) = numbers(draw, 90);
    let place = draw.pick(&["museum", "zoo", "castle", "garden", "gallery", "lighthouse"]);
    let statement = format!(
        "A small {place} had {} visitors on {} days. What was the average number of visitors per \
         day?",
        list(&all),
        all.len(),
    );
    problem(level, statement, &all, average)
}
