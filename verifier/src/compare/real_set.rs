//! Sets of real numbers: intervals, points, and what unions, inequalities and conditions make of
//! them.

use std::cmp::Ordering;

use super::expression::infinity;
use super::number::is_number;
use super::pieces::{Pieces, everything, point};
use super::{Bench, Finding, Found};
use crate::budget::OverBudget;
use crate::value::{Expr, Interval, NamedSet, Quantity, Symbol, Value};

/// The most pieces of a set.
const MAX_PIECES: usize = 2048;

/// What a value was read as: its pieces and its free variable, or why not.
pub(super) struct RealSet {
    pub pieces: Pieces,
    pub variable: Option<String>,
}

/// `None` when a value is no set of real numbers, or the order of its ends is not known.
pub(super) type Read = Result<Option<RealSet>, OverBudget>;

/// Whether a value may be a set of real numbers.
pub(super) fn is_set(value: &Value) -> bool {
    match value {
        Value::Interval(_) | Value::Named(_) | Value::Builder { .. } | Value::Member { .. } => true,
        Value::Union(sets) | Value::Intersection(sets) | Value::List(sets) => {
            sets.iter().all(is_set)
        }
        Value::Difference(set, taken) => is_set(set) && is_set(taken),
        Value::Set(elements) => elements.iter().all(|e| matches!(e, Value::Quantity(_))),
        Value::Relation(relation) => !relation.symbols.contains(&Symbol::Congruent),
        Value::Quantity(quantity) => is_number(&quantity.value),
        _ => false,
    }
}

impl Bench<'_> {
    /// Intervals by their ends.
    pub(super) fn intervals(&mut self, gold: &Interval, answer: &Interval) -> Found {
        let ends = [
            (&gold.low, gold.low_closed, &answer.low, answer.low_closed),
            (&gold.high, gold.high_closed, &answer.high, answer.high_closed),
        ];
        let mut doubt = None;
        for (a, closed, b, other) in ends {
            let found = self.expressions(a, b)?;
            if found.is_wrong() {
                return Ok(found);
            }
            if !found.is_correct() {
                doubt.get_or_insert(found);
            }
            // An infinite end belongs to no interval, however it is written.
            if closed != other && infinity(a).is_none() {
                return Ok(Finding::wrong(
                    "ends",
                    "an end is open on one side and closed on the other",
                ));
            }
        }
        Ok(doubt.unwrap_or_else(|| Finding::correct("equal", "both are the same interval")))
    }

    /// Two sets of real numbers by their pieces.
    pub(super) fn real_sets(&mut self, gold: &Value, answer: &Value) -> Found {
        let (Some(a), Some(b)) = (self.real_set(gold)?, self.real_set(answer)?) else {
            return Ok(Finding::unsupported("sets", "one of the sets is not made of intervals"));
        };
        if let (Some(x), Some(y)) = (&a.variable, &b.variable)
            && x != y
        {
            return Ok(Finding::ambiguous("names", "the two are about different variables"));
        }
        if a.pieces.len() != b.pieces.len() {
            return Ok(Finding::wrong("pieces", "the sets are made of other intervals"));
        }
        for (a, b) in a.pieces.iter().zip(&b.pieces) {
            let found = self.intervals(a, b)?;
            if !found.is_correct() {
                return Ok(found);
            }
        }
        Ok(Finding::correct("equal", "both are the same set of numbers"))
    }

    /// Two sets with conditions: by their elements, or by the same condition.
    pub(super) fn builders(&mut self, gold: &Value, answer: &Value) -> Found {
        let found = self.real_sets(gold, answer)?;
        if found.is_correct() || found.is_wrong() {
            return Ok(found);
        }
        let (
            Value::Builder { variable: x, domain: d, conditions: a },
            Value::Builder { variable: y, domain: e, conditions: b },
        ) = (gold, answer)
        else {
            return Ok(found);
        };
        Ok(if (x, d, a) == (y, e, b) {
            Finding::correct("equal", "both sets have the same condition")
        } else {
            found
        })
    }

    pub(super) fn real_set(&mut self, value: &Value) -> Read {
        self.budget.spend(20)?;
        let (pieces, variable) = match value {
            Value::Interval(interval) => match self.order(&interval.low, &interval.high)? {
                Some(Ordering::Less) => (vec![interval.clone()], None),
                _ => return Ok(None),
            },
            Value::Quantity(Quantity { value, percent: false, unit: None, .. })
                if is_number(value) =>
            {
                (vec![point(value)], None)
            }
            Value::Named(NamedSet::Empty) => (Vec::new(), None),
            Value::Named(NamedSet::Reals) => (vec![everything()], None),
            Value::Named(_) => return Ok(None),
            Value::List(sets) if sets.iter().all(is_condition) => {
                // `x > 1, x < 3` hold together if they can; of `x < 1, x > 3` one holds.
                return Ok(match self.combined(sets, false)? {
                    Some(both) if both.pieces.is_empty() => self.combined(sets, true)?,
                    both => both,
                });
            }
            // These may be points of the plane.
            Value::List(sets) if sets.iter().all(is_pair) => return Ok(None),
            Value::Union(sets) | Value::List(sets) | Value::Set(sets) => {
                return self.combined(sets, true);
            }
            Value::Intersection(sets) => return self.combined(sets, false),
            Value::Difference(set, taken) => {
                let (Some(set), Some(taken)) = (self.real_set(set)?, self.real_set(taken)?) else {
                    return Ok(None);
                };
                let Some(rest) = self.complement(&taken.pieces)? else { return Ok(None) };
                let Some(pieces) = self.intersection(&set.pieces, &rest)? else { return Ok(None) };
                (pieces, set.variable.or(taken.variable))
            }
            Value::Relation(relation) => return self.solved(relation),
            Value::Member { element: Expr::Variable(name), set, inside } => {
                let Some(set) = self.real_set(set)? else { return Ok(None) };
                let pieces = if *inside { Some(set.pieces) } else { self.complement(&set.pieces)? };
                let Some(pieces) = pieces else { return Ok(None) };
                (pieces, Some(name.clone()))
            }
            Value::Builder { variable, domain, conditions } => {
                return self.built(variable, domain.as_deref(), conditions);
            }
            _ => return Ok(None),
        };
        Ok(Some(RealSet { pieces, variable }))
    }

    pub(super) fn combined(&mut self, sets: &[Value], union: bool) -> Read {
        let mut pieces = if union { Vec::new() } else { vec![everything()] };
        let mut variable: Option<String> = None;
        for set in sets {
            let Some(set) = self.real_set(set)? else { return Ok(None) };
            if let (Some(x), Some(y)) = (&variable, &set.variable)
                && x != y
            {
                return Ok(None);
            }
            variable = variable.or(set.variable);
            if union {
                pieces.extend(set.pieces);
            } else {
                let Some(both) = self.intersection(&pieces, &set.pieces)? else { return Ok(None) };
                pieces = both;
            }
            if pieces.len() > MAX_PIECES {
                return Err(OverBudget::new("pieces", "a set has too many intervals"));
            }
        }
        let pieces = if union { self.merged(pieces)? } else { Some(pieces) };
        Ok(pieces.map(|pieces| RealSet { pieces, variable }))
    }
}

fn is_condition(value: &Value) -> bool {
    matches!(value, Value::Relation(_) | Value::Member { .. })
}

/// `(1, 2)`
fn is_pair(value: &Value) -> bool {
    matches!(value, Value::Interval(Interval { low, high, low_closed: false, high_closed: false })
        if infinity(low).is_none() && infinity(high).is_none())
}
