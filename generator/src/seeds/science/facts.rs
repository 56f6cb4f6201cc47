use std::sync::LazyLock;

use lehr_record::Domain;
use serde::Deserialize;

use super::choice::choice;
use crate::seeds::{
    Difficulty, Draw, Family,
    family::{Drawn, vars},
};

pub(super) const FAMILY: Family = Family {
    name: "science.facts",
    domain: Domain::Science,
    about: "multiple-choice questions on facts of physics, chemistry, biology and earth and space",
    draw,
};

/// Pairs of things that belong together, and how to ask for either by the other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub subject: String,
    pub topic: String,
    /// Questions for the second of a pair, with `{}` for the first.
    #[serde(default)]
    pub ask_second: Vec<String>,
    /// Questions for the first of a pair, with `{}` for the second.
    #[serde(default)]
    pub ask_first: Vec<String>,
    pub pairs: Vec<(String, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    group: Vec<Group>,
}

pub(super) static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "a file of this crate, read by every test of the family"
    )]
    let table: Table = toml::from_str(include_str!("facts.toml")).expect("facts.toml is valid");
    table.group
});

/// A question that can be asked: about one pair of a group, in one direction and wording.
struct Question {
    group: &'static Group,
    pair: &'static (String, String),
    wording: &'static str,
    first: bool,
}

static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let mut questions = Vec::new();
    for group in GROUPS.iter() {
        for (wordings, first) in [(&group.ask_second, false), (&group.ask_first, true)] {
            for wording in wordings {
                for pair in &group.pairs {
                    questions.push(Question { group, pair, wording, first });
                }
            }
        }
    }
    questions
});

fn draw(draw: &mut Draw) -> Drawn {
    let Question { group, pair, wording, first } = draw.pick(&QUESTIONS);
    let (given, right) = if *first { (&pair.1, &pair.0) } else { (&pair.0, &pair.1) };
    // A wrong option belongs to another pair and differs from this one on both sides, so that it
    // cannot be right too.
    let mut wrong: Vec<&str> = Vec::new();
    for other in &group.pairs {
        let option = if *first { &other.0 } else { &other.1 };
        let apart = other.0 != pair.0 && other.1 != pair.1;
        if apart && !wrong.contains(&option.as_str()) {
            wrong.push(option);
        }
    }
    let wrong = draw.pick_distinct::<_, 3>(&wrong).map(|option| (*option).to_owned());
    let problem = choice(draw, wording.replace("{}", given), right.clone(), wrong);
    Drawn {
        vars: vars([
            ("difficulty", Difficulty::Easy.into()),
            ("subject", group.subject.clone().into()),
            ("topic", group.topic.clone().into()),
        ]),
        problem: Some(problem),
    }
}
