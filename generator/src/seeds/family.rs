use std::fmt;

use lehr_record::{Domain, Problem, Seed};
use serde_json::{Map, Value};

use super::{Draw, SeedError, math, python, science};

/// A source of seeds of one kind.
pub struct Family {
    /// Its name, unique: `math.addition`.
    pub name: &'static str,
    /// The field of knowledge of its problems.
    pub domain: Domain,
    /// What it draws, in one line for people.
    pub about: &'static str,
    pub(super) draw: fn(&mut Draw) -> Drawn,
}

/// What a family draws: a seed without its source.
pub(super) struct Drawn {
    pub vars: Map<String, Value>,
    pub problem: Option<Problem>,
}

impl Family {
    /// Draws the next seed of the stream. Seeds repeat after a while; [`super::plan_seeds`] draws
    /// distinct ones. All seeds of a family have the same names in `vars`, and `difficulty` is
    /// always among them.
    pub fn seed(&self, draw: &mut Draw) -> Seed {
        let Drawn { vars, problem } = (self.draw)(draw);
        Seed { source: format!("family:{}", self.name), vars, problem }
    }
}

impl fmt::Debug for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Family({})", self.name)
    }
}

/// Every family that ships with lehr, by domain.
pub fn families() -> impl Iterator<Item = &'static Family> {
    math::FAMILIES.iter().chain(python::FAMILIES).chain(science::FAMILIES)
}

/// The family of that name.
///
/// # Errors
/// [`SeedError::Unknown`] with the names that exist.
pub fn family(name: &str) -> Result<&'static Family, SeedError> {
    families().find(|family| family.name == name).ok_or_else(|| SeedError::Unknown {
        name: name.to_owned(),
        known: families().map(|family| family.name.to_owned()).collect(),
    })
}

/// How hard a problem is for a small model: written in a seed's `vars` as `difficulty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difficulty {
    /// One step with small numbers, or a one-line program.
    Easy,
    /// Larger numbers, or a short loop.
    Medium,
    /// Several steps.
    Hard,
}

impl Difficulty {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Easy => "easy",
            Self::Medium => "medium",
            Self::Hard => "hard",
        }
    }

    /// Half of the draws are easy, a third medium, the rest hard.
    pub(super) fn draw(draw: &mut Draw) -> Self {
        match draw.int(1..=6) {
            1..=3 => Self::Easy,
            4..=5 => Self::Medium,
            _ => Self::Hard,
        }
    }
}

impl From<Difficulty> for Value {
    fn from(difficulty: Difficulty) -> Self {
        difficulty.as_str().into()
    }
}

/// The entries of a seed's `vars`, put in by name, so that a seed's digest does not depend on
/// whether JSON objects keep their order in this build.
pub(super) fn vars<const N: usize>(mut entries: [(&str, Value); N]) -> Map<String, Value> {
    entries.sort_by_key(|(name, _)| *name);
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
