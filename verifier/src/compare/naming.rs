//! Lists of definitions: `x = 1, y = 2`. Which value belongs to which name.

use super::relation::definition;
use super::{Bench, Finding};
use crate::budget::OverBudget;
use crate::value::{Expr, Quantity, Relation, Symbol, Value};

/// What the names in two lists come to.
pub(super) enum Naming {
    /// They decide.
    Settled(Finding),
    /// The values that are left to be compared in any order.
    Values(Vec<Value>, Vec<Value>),
}

/// A value with its name, if it has one.
type Entry = (Option<Expr>, Value);

impl Bench<'_> {
    /// What the names in two lists say about the order of the values.
    pub(super) fn named(
        &mut self,
        gold: &[Value],
        answer: &[Value],
        sets: bool,
    ) -> Result<Naming, OverBudget> {
        let (a, b) = (entries(gold), entries(answer));
        Ok(match (names(&a).len(), names(&b).len()) {
            (0, 0) => Naming::Values(gold.to_vec(), answer.to_vec()),
            // `x = 1, y = 2` or `x = 2, y = 1`
            _ if repeats(&a) || repeats(&b) => match (groups(gold, &a), groups(answer, &b)) {
                (Some(a), Some(b)) => Naming::Values(a, b),
                _ => Naming::Settled(unsure()),
            },
            // `x = 1, 2` and `1, 2`
            (1, 0) => Naming::Values(values(a), answer.to_vec()),
            (0, 1) => Naming::Values(gold.to_vec(), values(b)),
            (1, 1) if names(&a) == names(&b) => Naming::Values(values(a), values(b)),
            (0, _) | (_, 0) => Naming::Settled(self.in_order(gold, answer, sets)?),
            _ => Naming::Values(definitions(a), definitions(b)),
        })
    }

    /// Several names on one side only: the values in the order of the alphabet.
    pub(super) fn in_order(
        &mut self,
        gold: &[Value],
        answer: &[Value],
        sets: bool,
    ) -> Result<Finding, OverBudget> {
        let (a, b, usual) = match (sorted(gold), sorted(answer)) {
            (Some((a, usual)), None) => (a, answer.to_vec(), usual),
            (None, Some((b, usual))) => (gold.to_vec(), b, usual),
            _ => return Ok(unsure()),
        };
        let found = self.ordered(&a, &b)?;
        if found.is_correct() && !sets && usual {
            return Ok(found);
        }
        let other = a.len() == b.len() && !self.matched(&a, &b)?.is_wrong();
        Ok(if other { unsure() } else { found })
    }
}

fn unsure() -> Finding {
    Finding::ambiguous("names", "only one side says which value belongs to which name")
}

/// The values of definitions of different names in the order of the alphabet, and whether that is
/// the order of a tuple: it was written so, or the names are x, y and z.
pub(super) fn sorted(list: &[Value]) -> Option<(Vec<Value>, bool)> {
    let mut named = Vec::with_capacity(list.len());
    for (name, value) in entries(list) {
        named.push((name?, value));
    }
    let axis =
        |name: &Expr| matches!(name, Expr::Variable(n) if ["x", "y", "z"].contains(&n.as_str()));
    let usual = named.is_sorted_by(|a, b| a.0 < b.0) || named.iter().all(|(name, _)| axis(name));
    named.sort_by(|a, b| a.0.cmp(&b.0));
    let distinct = named.windows(2).all(|pair| pair[0].0 != pair[1].0);
    let values = || named.into_iter().map(|(_, value)| value).collect();
    (distinct && list.len() > 1).then(|| (values(), usual))
}

/// Values with their names; a number without one has that of the value before it: `x = 1, 2`.
fn entries(list: &[Value]) -> Vec<Entry> {
    let mut last: Option<Expr> = None;
    let mut entries = Vec::with_capacity(list.len());
    for value in list {
        let (name, value) = match value {
            Value::Relation(relation) => match definition(relation) {
                Some((name, term)) => (Some(name), Value::Quantity(Quantity::plain(term))),
                None => (None, value.clone()),
            },
            Value::Quantity(_) => (last.clone(), value.clone()),
            _ => (None, value.clone()),
        };
        last.clone_from(&name);
        entries.push((name, value));
    }
    entries
}

fn names(entries: &[Entry]) -> Vec<&Expr> {
    let mut names: Vec<&Expr> = entries.iter().filter_map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether there are several names and one of them has several values.
fn repeats(entries: &[Entry]) -> bool {
    let names = names(entries).len();
    names > 1 && entries.iter().filter(|(name, _)| name.is_some()).count() > names
}

/// Definitions of the same names again and again as tuples; a list without names as it is.
fn groups(list: &[Value], entries: &[Entry]) -> Option<Vec<Value>> {
    let size = names(entries).len();
    if size == 0 {
        return Some(list.to_vec());
    }
    list.chunks(size)
        .map(|group| {
            let (values, usual) = sorted(group)?;
            (usual && values.len() == size).then_some(Value::Tuple(values))
        })
        .collect()
}

fn values(entries: Vec<Entry>) -> Vec<Value> {
    entries.into_iter().map(|(_, value)| value).collect()
}

/// The entries as definitions again, each with its name.
fn definitions(entries: Vec<Entry>) -> Vec<Value> {
    entries
        .into_iter()
        .map(|entry| match entry {
            (Some(name), Value::Quantity(Quantity { value, unit: None, percent: false, .. })) => {
                Value::Relation(Relation { terms: vec![name, value], symbols: vec![Symbol::Equal] })
            }
            (_, value) => value,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::budget::Budget;
    use crate::compare::same;
    use crate::notation::read;
    use crate::policy::Policy;

    #[test]
    fn names_decide_which_value_is_which() {
        for (gold, answer, right) in [
            ("x=1, y=2", "y=2, x=1", true),
            ("x=1, y=2", "(1, 2)", true),
            ("x=1, y=2", "(2, 1)", false),
            ("y=2, x=1", "(1, 2)", true),
            ("b=2, a=1", "(2, 1)", false),
            ("x=1, 2", "1, 2", true),
            ("x=1, 2", "x=1, y=2", false),
            ("1, 2", "x=2, y=1", false),
            ("x=2, y=3, x=3, y=2", "(2, 3), (3, 2)", true),
            ("x=2, y=3, x=3, y=2", "x=2, y=2, x=3, y=3", false),
            ("x=y=5", "x=5, y=5", true),
            ("x=y=5", "x=5", false),
        ] {
            let (a, b) = (read(gold).ok(), read(answer).ok());
            let found = a.zip(b).map(|(a, b)| {
                same(&a, &b, &Policy::math(), &mut Budget::of(1_000_000)).is_correct()
            });
            assert_eq!(found, Some(right), "{gold} and {answer}");
        }
    }
}
