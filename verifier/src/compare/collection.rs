//! Lists, sets, tuples, matrices, and what reads as one of them.

use std::cmp::Ordering;

use num_rational::BigRational;

use super::naming::{self, Naming};
use super::number::{enclosure, is_number, rational};
use super::{Bench, Finding, Found};
use crate::budget::OverBudget;
use crate::interval::Real;
use crate::value::{Expr, Interval, Quantity, Value};

/// A value that can be sorted: exact numbers and tuples of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(BigRational),
    Tuple(Vec<Key>),
}

/// A number with an interval around it.
type Bounded<'v> = (Real, &'v Expr);

impl Bench<'_> {
    /// The same elements in any order. Of sets, repetitions do not count; of lists, they do.
    pub(super) fn unordered(&mut self, gold: &Value, answer: &Value) -> Found {
        let (Value::List(a) | Value::Set(a), Value::List(b) | Value::Set(b)) = (gold, answer)
        else {
            return Ok(self.unlike(gold, answer));
        };
        let sets = matches!(gold, Value::Set(_)) || matches!(answer, Value::Set(_));
        let ellipsis = |v: &Value| matches!(v, Value::Text(text) if text == "…");
        if a.iter().chain(b).any(ellipsis) {
            // What is left out follows from the order.
            return self.ordered(a, b);
        }
        let (a, b) = match self.named(a, b, sets)? {
            Naming::Settled(found) => return Ok(found),
            Naming::Values(a, b) => (a, b),
        };
        let (a, b) = (a.as_slice(), b.as_slice());
        self.budget.spend((a.len() + b.len()) as u64 * 20)?;
        if let (Some(mut left), Some(mut right)) = (keys(a), keys(b)) {
            left.sort();
            right.sort();
            if sets {
                left.dedup();
                right.dedup();
            }
            return Ok(if left == right {
                Finding::correct("equal", "both have the same elements")
            } else {
                Finding::wrong("elements", "the elements differ")
            });
        }
        if let Some(found) = self.numbers(a, b, sets)? {
            return Ok(found);
        }
        if sets {
            let forth = self.covered(a, b)?;
            return if forth.is_correct() { self.covered(b, a) } else { Ok(forth) };
        }
        if a.len() != b.len() {
            return Ok(Finding::wrong("length", format!("{} answers, not {}", b.len(), a.len())));
        }
        self.matched(a, b)
    }

    /// Numbers by their order: in each, the next one must be equal. `None` when the elements are
    /// something else, or two on one side cannot be told apart by their enclosures.
    fn numbers(
        &mut self,
        a: &[Value],
        b: &[Value],
        sets: bool,
    ) -> Result<Option<Finding>, OverBudget> {
        const FEW: usize = 8;
        if a.len().max(b.len()) < FEW || (!sets && a.len() != b.len()) {
            return Ok(None);
        }
        let (Some(left), Some(right)) = (self.sorted(a), self.sorted(b)) else { return Ok(None) };
        if left.len() != right.len() {
            return Ok(Some(Finding::wrong("elements", "the elements differ")));
        }
        for ((near, gold), (other, answer)) in left.iter().zip(&right) {
            if matches!(near.compare(other), Some(Ordering::Less | Ordering::Greater)) {
                return Ok(Some(Finding::wrong("elements", "the elements differ")));
            }
            let found = self.expressions(gold, answer)?;
            if !found.is_correct() {
                return Ok(Some(found));
            }
        }
        Ok(Some(Finding::correct("equal", "both have the same elements")))
    }

    /// Numbers with intervals around them, in their order; `None` when two may be equal.
    fn sorted<'v>(&mut self, values: &'v [Value]) -> Option<Vec<Bounded<'v>>> {
        let mut found = Vec::with_capacity(values.len());
        for value in values {
            let Value::Quantity(Quantity { value, percent: false, unit: None, .. }) = value else {
                return None;
            };
            let near = is_number(value).then(|| enclosure(value, self.budget)).flatten()?;
            found.push((near, value));
        }
        found.sort_by(|a, b| a.0.low.compare(&b.0.low));
        let apart =
            found.windows(2).all(|pair| pair[0].0.compare(&pair[1].0) == Some(Ordering::Less));
        apart.then_some(found)
    }

    /// Whether each element of one is also one of the others.
    pub(super) fn covered(&mut self, elements: &[Value], others: &[Value]) -> Found {
        for element in elements {
            // The same as written needs no comparison.
            self.budget.spend(others.len() as u64)?;
            if others.contains(element) {
                continue;
            }
            let mut doubt = None;
            let mut found = false;
            for other in others {
                let finding = self.values(element, other)?;
                if finding.is_correct() {
                    found = true;
                    break;
                }
                if !finding.is_wrong() {
                    doubt.get_or_insert(finding);
                }
            }
            if !found {
                return Ok(
                    doubt.unwrap_or_else(|| Finding::wrong("elements", "the elements differ"))
                );
            }
        }
        Ok(Finding::correct("equal", "both have the same elements"))
    }

    /// Whether the elements of two lists of one length belong to each other one by one.
    pub(super) fn matched(&mut self, gold: &[Value], answer: &[Value]) -> Found {
        let mut free: Vec<usize> = (0..answer.len()).collect();
        for (place, element) in gold.iter().enumerate() {
            let mut doubt = None;
            let mut partner = None;
            // Most lists keep their order: the element in the same place is looked at first.
            self.budget.spend(free.len() as u64)?;
            let written = free.iter().position(|at| answer[*at] == *element);
            let near = written.or_else(|| free.iter().position(|at| *at == place)).unwrap_or(0);
            let order = (near..free.len()).chain(0..near.min(free.len()));
            for at in order {
                let finding = self.values(element, &answer[free[at]])?;
                if finding.is_correct() {
                    partner = Some(at);
                    break;
                }
                if !finding.is_wrong() {
                    doubt.get_or_insert(finding);
                }
            }
            match partner {
                Some(at) => {
                    free.remove(at);
                }
                None => {
                    return Ok(
                        doubt.unwrap_or_else(|| Finding::wrong("elements", "the answers differ"))
                    );
                }
            }
        }
        Ok(Finding::correct("equal", "both have the same answers"))
    }

    /// The same elements in the same order.
    pub(super) fn ordered(&mut self, gold: &[Value], answer: &[Value]) -> Found {
        if gold.len() != answer.len() {
            return Ok(Finding::wrong(
                "length",
                format!("{} elements, not {}", answer.len(), gold.len()),
            ));
        }
        let mut doubt = None;
        for (a, b) in gold.iter().zip(answer) {
            let finding = self.values(a, b)?;
            if finding.is_wrong() {
                return Ok(finding);
            }
            if !finding.is_correct() {
                doubt.get_or_insert(finding);
            }
        }
        Ok(doubt
            .unwrap_or_else(|| Finding::correct("equal", "both have the same elements in order")))
    }

    /// Element by element.
    pub(super) fn matrices(&mut self, gold: &[Vec<Expr>], answer: &[Vec<Expr>]) -> Found {
        let shape = |m: &[Vec<Expr>]| (m.len(), m.first().map_or(0, Vec::len));
        if shape(gold) != shape(answer) {
            return Ok(Finding::wrong("shape", "the matrices have different shapes"));
        }
        let mut doubt = None;
        for (a, b) in gold.iter().flatten().zip(answer.iter().flatten()) {
            let finding = self.expressions(a, b)?;
            if finding.is_wrong() {
                return Ok(finding);
            }
            if !finding.is_correct() {
                doubt.get_or_insert(finding);
            }
        }
        Ok(doubt.unwrap_or_else(|| Finding::correct("equal", "both have the same entries")))
    }

    /// A tuple, an open interval read as a pair, a column vector or a list in brackets against
    /// each other or against a list without brackets, in order.
    pub(super) fn as_sequences(
        &mut self,
        gold: &Value,
        answer: &Value,
    ) -> Result<Option<Finding>, OverBudget> {
        // Of two without brackets the order does not count: that is another matter.
        let (Some((a, bracketed)), Some((b, other))) = (sequence(gold), sequence(answer)) else {
            return Ok(None);
        };
        if !(bracketed || other) {
            return Ok(None);
        }
        // `x = 1, y = 2` for `(1, 2)`
        match (naming::sorted(&a), naming::sorted(&b)) {
            (Some(_), None) | (None, Some(_)) => self.in_order(&a, &b, false).map(Some),
            _ => self.ordered(&a, &b).map(Some),
        }
    }
}

fn keys(values: &[Value]) -> Option<Vec<Key>> {
    values.iter().map(key).collect()
}

fn key(value: &Value) -> Option<Key> {
    match value {
        Value::Quantity(Quantity { value, percent: false, unit: None, .. }) => {
            rational(value).map(Key::Number)
        }
        Value::Tuple(values) => keys(values).map(Key::Tuple),
        Value::Interval(Interval { low, high, low_closed: false, high_closed: false }) => {
            Some(Key::Tuple(vec![Key::Number(rational(low)?), Key::Number(rational(high)?)]))
        }
        _ => None,
    }
}

/// The elements of what has an order, and whether brackets say so.
fn sequence(value: &Value) -> Option<(Vec<Value>, bool)> {
    let quantity = |e: &Expr| Value::Quantity(Quantity::plain(e.clone()));
    match value {
        Value::Tuple(values) => Some((values.clone(), true)),
        Value::Interval(Interval { low, high, low_closed: false, high_closed: false }) => {
            Some((vec![quantity(low), quantity(high)], true))
        }
        Value::Matrix(rows) if rows.iter().all(|row| row.len() == 1) => {
            Some((rows.iter().flatten().map(quantity).collect(), true))
        }
        Value::List(values) => Some((values.clone(), false)),
        _ => None,
    }
}

/// The rows of `[[1, 2], [3, 4]]`.
pub(super) fn rows(values: &[Value]) -> Option<Vec<Vec<Expr>>> {
    let expression = |value: &Value| match value {
        Value::Quantity(Quantity { value, percent: false, unit: None, .. }) => Some(value.clone()),
        _ => None,
    };
    values
        .iter()
        .map(|row| match row {
            Value::Tuple(cells) => cells.iter().map(expression).collect(),
            // `[1, 2]`
            Value::Interval(Interval { low, high, low_closed: true, high_closed: true }) => {
                Some(vec![low.clone(), high.clone()])
            }
            _ => None,
        })
        .collect()
}
