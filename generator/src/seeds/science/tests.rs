#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use lehr_record::{Expected, Problem, Seed};
use proptest::prelude::*;

use super::{FAMILIES, facts::GROUPS, formulas, topics::SUBJECTS};
use crate::seeds::{Draw, Family};

fn problem(seed: &Seed) -> &Problem {
    seed.problem.as_ref().unwrap()
}

fn right(problem: &Problem) -> &str {
    match problem.expected {
        Expected::Choice { letter } => &problem.options[letter as usize - 'A' as usize],
        ref other => panic!("{other:?}"),
    }
}

fn family(name: &str) -> &'static Family {
    FAMILIES.iter().find(|family| family.name == name).unwrap()
}

proptest! {
    #[test]
    fn options_are_four_different_ones(seed: u64) {
        for name in ["science.facts", "science.formulas"] {
            let seed = family(name).seed(&mut Draw::new(seed, "test"));
            let problem = problem(&seed);
            let options: BTreeSet<&String> = problem.options.iter().collect();
            prop_assert_eq!(options.len(), 4, "{:?}", seed);
            prop_assert!(problem.statement.ends_with('?'), "{}", problem.statement);
            prop_assert!(!problem.statement.contains(['{', '}']), "{}", problem.statement);
            prop_assert!(!problem.statement.contains("  "), "{}", problem.statement);
        }
    }

    #[test]
    fn calculated_answers_follow_from_the_numbers_told(seed: u64) {
        let seed = formulas::FAMILY.seed(&mut Draw::new(seed, "test"));
        let problem = problem(&seed);
        let told: Vec<i64> =
            problem.statement.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let (number, unit) = right(problem).split_once(' ').unwrap();
        let number: i64 = number.parse().unwrap();
        let equation = seed.vars["equation"].as_str().unwrap();
        let (a, sign, b) = match equation.split(' ').collect::<Vec<_>>()[..] {
            [a, sign, b] => (a.parse::<i64>().unwrap(), sign, b.parse::<i64>().unwrap()),
            _ => panic!("{equation}"),
        };
        prop_assert!(told.contains(&a) && told.contains(&b), "{:?}", seed);
        let holds = if sign == "*" { a * b == number } else { number * b == a };
        prop_assert!(holds, "{:?}", seed);
        let unit = format!(" {unit}");
        prop_assert!(problem.options.iter().all(|option| option.ends_with(&unit)), "{:?}", seed);
    }
}

/// Asks every fact in the way that the table states it, and checks that no other option is right.
#[test]
fn facts_have_one_right_option() {
    let mut draw = Draw::new(3, "facts");
    for _ in 0..3_000 {
        let seed = family("science.facts").seed(&mut draw);
        let problem = problem(&seed);
        let group = GROUPS.iter().find(|group| seed.vars["topic"] == group.topic).unwrap();
        let fits = |option: &str| {
            group.pairs.iter().any(|(one, two)| {
                let asks = |wordings: &[String], given: &str| {
                    wordings.iter().any(|wording| wording.replace("{}", given) == problem.statement)
                };
                (asks(&group.ask_second, one) && option == two)
                    || (asks(&group.ask_first, two) && option == one)
            })
        };
        let fitting: Vec<&String> = problem.options.iter().filter(|option| fits(option)).collect();
        assert_eq!(fitting, [right(problem)], "{problem:?}");
    }
}

#[test]
fn the_right_option_stands_at_every_place() {
    let mut places = BTreeMap::new();
    let mut draw = Draw::new(5, "places");
    for _ in 0..400 {
        let seed = family("science.facts").seed(&mut draw);
        if let Expected::Choice { letter } = problem(&seed).expected {
            *places.entry(letter).or_insert(0) += 1;
        }
    }
    assert_eq!(places.keys().copied().collect::<String>(), "ABCD");
    assert!(places.values().all(|count| *count > 60), "{places:?}");
}

#[test]
fn groups_can_always_offer_three_wrong_options() {
    for group in GROUPS.iter() {
        assert!(!group.ask_first.is_empty() || !group.ask_second.is_empty(), "{}", group.topic);
        for wording in group.ask_first.iter().chain(&group.ask_second) {
            assert_eq!(wording.matches("{}").count(), 1, "{wording}");
        }
        for pair in &group.pairs {
            let apart: Vec<_> =
                group.pairs.iter().filter(|o| o.0 != pair.0 && o.1 != pair.1).collect();
            let firsts: BTreeSet<_> = apart.iter().map(|other| &other.0).collect();
            let seconds: BTreeSet<_> = apart.iter().map(|other| &other.1).collect();
            assert!(group.ask_first.is_empty() || firsts.len() >= 3, "{pair:?}");
            assert!(group.ask_second.is_empty() || seconds.len() >= 3, "{pair:?}");
        }
        let topics = GROUPS.iter().filter(|other| other.topic == group.topic).count();
        assert_eq!(topics, 1, "{}", group.topic);
    }
}

#[test]
fn there_are_enough_topics_and_none_twice() {
    let mut seen = BTreeSet::new();
    for subject in SUBJECTS.iter() {
        for topic in &subject.topics {
            assert!(seen.insert((&subject.name, &topic.topic, &topic.subtopic)));
            assert!(!topic.facts.is_empty());
            assert!(topic.facts.iter().all(|fact| fact.ends_with('.')), "{:?}", topic.facts);
        }
    }
    assert!(seen.len() >= 120, "{}", seen.len());
}
