use lehr_record::Verdict;
use lehr_verifier::{check_choice, check_math};

use crate::random::Random;
use crate::{algebra, number, reply, structure, words};

/// What kind of answer is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Integer,
    Decimal,
    Fraction,
    Percent,
    Unit,
    Radical,
    Polynomial,
    Function,
    Interval,
    Set,
    Tuple,
    Matrix,
    Equation,
    Inequality,
    Choice,
    Text,
}

impl Class {
    /// All classes with their weights, which add up to 100: word problems end in plain numbers,
    /// contest problems in anything.
    pub(crate) const ALL: [(Self, usize); 16] = [
        (Self::Integer, 30),
        (Self::Decimal, 7),
        (Self::Fraction, 10),
        (Self::Percent, 4),
        (Self::Unit, 6),
        (Self::Radical, 6),
        (Self::Polynomial, 7),
        (Self::Function, 4),
        (Self::Interval, 4),
        (Self::Set, 3),
        (Self::Tuple, 4),
        (Self::Matrix, 2),
        (Self::Equation, 3),
        (Self::Inequality, 2),
        (Self::Choice, 6),
        (Self::Text, 2),
    ];

    pub(crate) fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    fn draw(random: &mut Random) -> Self {
        let mut at = random.below(Self::ALL.iter().map(|(_, weight)| weight).sum());
        for (class, weight) in Self::ALL {
            if at < weight {
                return class;
            }
            at -= weight;
        }
        Self::Integer
    }
}

/// A known answer and an answer to hold against it, before it is put into a reply.
pub(crate) struct Answers {
    pub gold: String,
    pub answer: String,
    /// Whether they are the same; known by construction.
    pub same: bool,
}

impl Answers {
    pub(crate) fn new(gold: impl Into<String>, answer: impl Into<String>, same: bool) -> Self {
        Self { gold: gold.into(), answer: answer.into(), same }
    }
}

/// One check to do.
pub(crate) struct Pair {
    pub id: String,
    pub class: Class,
    pub gold: String,
    pub reply: String,
    /// The options of a multiple choice.
    pub options: Vec<String>,
    pub same: bool,
}

impl Pair {
    fn draw(random: &mut Random, number: usize) -> Self {
        let class = Class::draw(random);
        let same = !random.one_in(3);
        if class == Class::Choice {
            return words::choice(random, same).pair(number);
        }
        let answers = match class {
            Class::Integer => number::integer(random, same),
            Class::Decimal => number::decimal(random, same),
            Class::Fraction => number::fraction(random, same),
            Class::Percent => number::percent(random, same),
            Class::Unit => number::unit(random, same),
            Class::Radical => algebra::radical(random, same),
            Class::Polynomial => algebra::polynomial(random, same),
            Class::Function => algebra::function(random, same),
            Class::Interval => structure::interval(random, same),
            Class::Set => structure::set(random, same),
            Class::Tuple => structure::tuple(random, same),
            Class::Matrix => structure::matrix(random, same),
            Class::Equation => structure::equation(random, same),
            Class::Inequality => structure::inequality(random, same),
            Class::Choice | Class::Text => words::text(random, same),
        };
        let Answers { gold, answer, same } = answers;
        let reply = reply::with(random, class, &answer);
        Self { id: id(class, number, same), class, gold, reply, options: Vec::new(), same }
    }

    /// The check that is measured.
    pub(crate) fn check(&self) -> Verdict {
        match (self.class, self.gold.chars().next()) {
            (Class::Choice, Some(letter)) => {
                check_choice(&letter.to_string(), &self.options, &self.reply)
            }
            _ => check(&self.gold, &self.reply),
        }
    }

    /// The pair as a line for `verifier check`.
    pub(crate) fn line(&self) -> serde_json::Value {
        let kind = if self.class == Class::Choice { "choice" } else { "math" };
        let mut line = serde_json::json!({
            "id": self.id, "kind": kind, "gold": self.gold, "pred": self.reply,
        });
        if self.class == Class::Choice {
            line["options"] = self.options.clone().into();
        }
        line
    }
}

/// The function under measurement, with the rules that it is measured under.
pub(crate) fn check(gold: &str, reply: &str) -> Verdict {
    check_math(gold, reply, &lehr_verifier::policy::Policy::math())
}

pub(crate) fn id(class: Class, number: usize, same: bool) -> String {
    format!("{}-{number:05}-{}", class.name(), if same { "same" } else { "different" })
}

/// So many pairs, always the same ones.
pub(crate) fn pairs(count: usize) -> Vec<Pair> {
    let mut random = Random::new(3);
    (0..count).map(|number| Pair::draw(&mut random, number)).collect()
}
