//! Lists, sets, tuples, matrices, and what reads as one of them.

use num_rational::BigRational;

use super::number::rational;
use super::{Bench, Finding, Found};
use crate::budget::OverBudget;
use crate::value::{Expr, Interval, Quantity, Relation, Symbol, Value};

/// A value that can be sorted: exact numbers and tuples of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Number(BigRational),
    Tuple(Vec<Key>),
}

impl Bench<'_> {
    /// The same elements in any order. Of sets, repetitions do not count; of lists, they do.
    pub(super) fn unordered(&mut self, gold: &Value, answer: &Value) -> Found {
        let (Value::List(a) | Value::Set(a), Value::List(b) | Value::Set(b)) = (gold, answer)
        else {
            return Ok(self.unlike(gold, answer));
        };
        let sets = matches!(gold, Value::Set(_)) || matches!(answer, Value::Set(_));
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
        if sets {
            let forth = self.covered(a, b)?;
            return if forth.is_correct() { self.covered(b, a) } else { Ok(forth) };
        }
        if a.len() != b.len() {
            return Ok(Finding::wrong("length", format!("{} answers, not {}", b.len(), a.len())));
        }
        self.matched(a, b)
    }

    /// Whether each element of one is also one of the others.
    fn covered(&mut self, elements: &[Value], others: &[Value]) -> Found {
        for element in elements {
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
    fn matched(&mut self, gold: &[Value], answer: &[Value]) -> Found {
        let mut free: Vec<usize> = (0..answer.len()).collect();
        for (place, element) in gold.iter().enumerate() {
            let mut doubt = None;
            let mut partner = None;
            // Most lists keep their order: the element in the same place is looked at first.
            let near = free.iter().position(|at| *at == place).unwrap_or(0);
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
        let (a, b) = match (named(&a), named(&b)) {
            // `x = 1, y = 2` for `(1, 2)`
            (Some(values), None) => (values, b),
            (None, Some(values)) => (a, values),
            _ => (a, b),
        };
        self.ordered(&a, &b).map(Some)
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

/// The values of `x = 1, y = 2` when the variables stand in the order of the alphabet.
fn named(values: &[Value]) -> Option<Vec<Value>> {
    let mut last: Option<&str> = None;
    let mut found = Vec::with_capacity(values.len());
    for value in values {
        let Value::Relation(Relation { terms, symbols }) = value else { return None };
        let ([Expr::Variable(name), term], [Symbol::Equal]) =
            (terms.as_slice(), symbols.as_slice())
        else {
            return None;
        };
        if last.is_some_and(|last| last >= name.as_str()) {
            return None;
        }
        last = Some(name);
        found.push(Value::Quantity(Quantity::plain(term.clone())));
    }
    Some(found)
}
