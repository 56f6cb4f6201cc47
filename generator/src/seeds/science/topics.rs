use std::sync::LazyLock;

use lehr_record::Domain;
use serde::Deserialize;

use crate::seeds::{
    Difficulty, Draw, Family,
    family::{Drawn, vars},
};

pub(super) const FAMILY: Family = Family {
    name: "science.topics",
    domain: Domain::Science,
    about: "topics of physics, chemistry, biology and earth and space, each with a key fact",
    draw,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subject {
    pub name: String,
    pub topics: Vec<Topic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Topic {
    pub topic: String,
    pub subtopic: String,
    /// Sentences that a question may be about.
    pub facts: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    subject: Vec<Subject>,
}

pub(super) static SUBJECTS: LazyLock<Vec<Subject>> = LazyLock::new(|| {
    #[expect(
        clippy::expect_used,
        reason = "a file of this crate, read by every test of the family"
    )]
    let table: Table = toml::from_str(include_str!("topics.toml")).expect("topics.toml is valid");
    table.subject
});

fn draw(draw: &mut Draw) -> Drawn {
    let subject = draw.pick(&SUBJECTS);
    let topic = draw.pick(&subject.topics);
    let fact = draw.pick(&topic.facts);
    Drawn {
        vars: vars([
            ("difficulty", Difficulty::Easy.into()),
            ("fact", fact.clone().into()),
            ("subject", subject.name.clone().into()),
            ("subtopic", topic.subtopic.clone().into()),
            ("topic", topic.topic.clone().into()),
        ]),
        problem: None,
    }
}
