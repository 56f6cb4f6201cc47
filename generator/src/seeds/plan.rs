use std::collections::HashSet;

use lehr_record::{Digest, Seed};

use super::{Draw, Family};

/// Draws in a row that give nothing new before a family counts as exhausted. A family with 1,000
/// seeds of equal chance is taken for exhausted too early once in 20,000 plans that want them all.
const MISSES: u32 = 10_000;

/// Why seeds cannot be drawn.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedError {
    /// No family has this name.
    #[error("there is no seed family `{name}`; known are {}", known.join(", "))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// The list of families is empty.
    #[error("no seed family is named; name at least one")]
    None,
    /// The list of families names one twice.
    #[error("the seed family `{0}` is named twice; name it once")]
    Repeated(String),
    /// A family cannot give as many distinct seeds.
    #[error(
        "the seed family `{family}` has {distinct} distinct seeds, but {wanted} are wanted of it; \
         ask for fewer items, or for more families"
    )]
    Exhausted {
        /// The family's name.
        family: String,
        /// How many the plan wants of this family.
        wanted: usize,
        /// How many it gave.
        distinct: usize,
    },
}

/// Draws `count` seeds, one of each family in turn.
///
/// All are distinct, by digest and by the problem's statement. Equal arguments give equal plans on
/// every machine, and a plan of more seeds begins with the plan of fewer.
///
/// # Errors
/// When no family is given, one is given twice, or one has too few distinct seeds.
pub fn plan_seeds(
    families: &[&Family],
    rng_seed: u64,
    count: usize,
) -> Result<Vec<Seed>, SeedError> {
    if families.is_empty() {
        return Err(SeedError::None);
    }
    for (at, family) in families.iter().enumerate() {
        if families[..at].iter().any(|other| other.name == family.name) {
            return Err(SeedError::Repeated(family.name.to_owned()));
        }
    }
    let mut streams: Vec<Draw> =
        families.iter().map(|family| Draw::new(rng_seed, family.name)).collect();
    let mut seen = HashSet::new();
    let mut seeds = Vec::with_capacity(count);
    for at in 0..count {
        let turn = at % families.len();
        let (family, stream) = (families[turn], &mut streams[turn]);
        let seed = (0..MISSES)
            .map(|_| family.seed(stream))
            .find(|seed| seen.insert(identity(seed)))
            .ok_or_else(|| SeedError::Exhausted {
                family: family.name.to_owned(),
                wanted: (count - turn).div_ceil(families.len()),
                distinct: at / families.len(),
            })?;
        seeds.push(seed);
    }
    Ok(seeds)
}

/// What makes a seed a new one: its statement, or all of it when it states no problem.
///
/// A statement asked again with other tests or in another order of options is not new.
fn identity(seed: &Seed) -> Digest {
    match &seed.problem {
        Some(problem) => Digest::of_json(&problem.statement),
        None => seed.digest(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::seeds::{families, family};

    #[test]
    fn plans_are_distinct_and_longer_ones_begin_with_shorter_ones() {
        for family in families() {
            // A topic is a seed once for each of its facts.
            let count = if family.name == "science.topics" { 160 } else { 300 };
            let plan = plan_seeds(&[family], 3, count).unwrap();
            let digests: BTreeSet<_> = plan.iter().map(Seed::digest).collect();
            assert_eq!(digests.len(), count, "{}", family.name);
            let statements: BTreeSet<_> = plan
                .iter()
                .filter_map(|seed| seed.problem.as_ref())
                .map(|problem| &problem.statement)
                .collect();
            assert!(statements.len() == count || statements.is_empty(), "{}", family.name);
            assert_eq!(plan_seeds(&[family], 3, 120).unwrap(), plan[..120]);
            assert_ne!(plan_seeds(&[family], 4, 120).unwrap(), plan[..120]);
            let names: BTreeSet<_> =
                plan.iter().map(|seed| seed.vars.keys().collect::<Vec<_>>()).collect();
            assert_eq!(names.len(), 1, "{}", family.name);
            assert!(plan[0].vars.contains_key("difficulty"), "{}", family.name);
        }
    }

    #[test]
    fn word_problem_families_hold_thousands() {
        for family in families().filter(|family| family.name.starts_with("math.")) {
            assert_eq!(plan_seeds(&[family], 1, 3_000).unwrap().len(), 3_000, "{}", family.name);
        }
    }

    #[test]
    fn families_take_turns() {
        let chosen: Vec<_> =
            ["math.addition", "python.lists"].iter().map(|name| family(name).unwrap()).collect();
        let sources: Vec<String> =
            plan_seeds(&chosen, 0, 4).unwrap().into_iter().map(|seed| seed.source).collect();
        assert_eq!(
            sources,
            [
                "family:math.addition",
                "family:python.lists",
                "family:math.addition",
                "family:python.lists"
            ]
        );
    }

    #[test]
    fn too_much_is_an_error_that_says_how_much_there_is() {
        let facts = family("science.facts").unwrap();
        let error = plan_seeds(&[facts], 1, 100_000).unwrap_err();
        let SeedError::Exhausted { family, wanted, distinct } = &error else { panic!("{error}") };
        assert_eq!((family.as_str(), *wanted), ("science.facts", 100_000));
        assert!((400..2_000).contains(distinct), "{distinct}");
        assert!(error.to_string().contains("ask for fewer"), "{error}");

        assert_eq!(plan_seeds(&[], 1, 1), Err(SeedError::None));
        assert_eq!(
            plan_seeds(&[facts, facts], 1, 1),
            Err(SeedError::Repeated("science.facts".into()))
        );
        let error = family_error("math.magic");
        assert!(error.contains("math.magic") && error.contains("math.addition"), "{error}");
    }

    fn family_error(name: &str) -> String {
        family(name).unwrap_err().to_string()
    }

    /// The plan of seed 7, the same on every machine. It changes when a family changes: then old
    /// requests planned again would give other seeds, so change it knowingly.
    #[test]
    fn the_plan_of_seed_seven_is_known() {
        let digests: Vec<String> = families()
            .map(|family| {
                let plan = plan_seeds(&[family], 7, 50).unwrap();
                format!("{} {}", family.name, Digest::of_json(&plan).short())
            })
            .collect();
        insta::assert_snapshot!(digests.join("\n"), @r"
        math.arithmetic c7aadbd5468c
        math.addition e5e55267dc95
        math.subtraction 7cccdcb386ac
        math.multiplication 15b4cfa7b2a2
        math.division 1adc217baa93
        math.money cb339674b991
        math.rate 1e4ad63e8a19
        math.fraction 9de79bcdf985
        math.percent 56d67ed15930
        math.average 00c84297cea6
        math.two_step a38f12364016
        python.numbers a47877a4a63e
        python.strings 13b54546914c
        python.lists 32b03869e75f
        python.dicts 2c7a132169b6
        science.facts 281e8c0f53ba
        science.formulas d6ac84d1d279
        science.topics 6099e733cc50
        ");
    }
}
