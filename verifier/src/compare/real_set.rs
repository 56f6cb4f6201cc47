//! Sets of real numbers: intervals, points, and what unions, inequalities and conditions make of
//! them.

use std::cmp::Ordering;

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};

use super::expression::infinity;
use super::number::{is_number, rational};
use super::{Bench, Finding, Found};
use crate::algebra::{Names, normal};
use crate::budget::{Budget, OverBudget};
use crate::value::{Constant, Expr, Interval, NamedSet, Quantity, Relation, Symbol, Value};

/// The most pieces of a set.
const MAX_PIECES: usize = 2048;
/// The most integers that a condition may leave.
const MAX_INTEGERS: i64 = 1000;

/// Disjoint intervals in their order, points among them.
type Pieces = Vec<Interval>;

/// What a value was read as: its pieces and its free variable, or why not.
struct RealSet {
    pieces: Pieces,
    variable: Option<String>,
}

/// `None` when a value is no set of real numbers, or the order of its ends is not known.
type Read = Result<Option<RealSet>, OverBudget>;

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

    fn real_set(&mut self, value: &Value) -> Read {
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

    fn combined(&mut self, sets: &[Value], union: bool) -> Read {
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

    /// `\{x \in D : conditions\}`; of integers the points.
    fn built(&mut self, variable: &str, domain: Option<&Value>, conditions: &[Value]) -> Read {
        let Some(set) = self.combined(conditions, false)? else { return Ok(None) };
        if set.variable.is_some_and(|name| name != variable) {
            return Ok(None);
        }
        let pieces = match domain {
            None | Some(Value::Named(NamedSet::Reals)) => Some(set.pieces),
            Some(Value::Named(NamedSet::Integers)) => integers(&set.pieces, i64::MIN),
            Some(Value::Named(NamedSet::PositiveIntegers)) => integers(&set.pieces, 1),
            Some(domain @ (Value::Interval(_) | Value::Union(_) | Value::Set(_))) => {
                let Some(domain) = self.real_set(domain)? else { return Ok(None) };
                self.intersection(&domain.pieces, &set.pieces)?
            }
            Some(_) => None,
        };
        Ok(pieces.map(|pieces| RealSet { pieces, variable: None }))
    }

    /// The numbers for which a chain of inequalities in one variable holds.
    fn solved(&mut self, relation: &Relation) -> Read {
        let mut variables: Vec<String> = relation.terms.iter().flat_map(Expr::variables).collect();
        variables.dedup();
        variables.sort_unstable();
        variables.dedup();
        let [variable] = variables.as_slice() else { return Ok(None) };
        let mut pieces = vec![everything()];
        for (sides, symbol) in relation.terms.windows(2).zip(&relation.symbols) {
            let [left, right] = sides else { return Ok(None) };
            let Some((symbol, border)) = isolated(variable, left, *symbol, right) else {
                return Ok(None);
            };
            let part = match symbol {
                Symbol::Equal => vec![point(&border)],
                Symbol::NotEqual => {
                    let Some(rest) = self.complement(&[point(&border)])? else { return Ok(None) };
                    rest
                }
                Symbol::Less | Symbol::LessEqual => vec![Interval {
                    high: border,
                    high_closed: symbol == Symbol::LessEqual,
                    ..everything()
                }],
                Symbol::Greater | Symbol::GreaterEqual => vec![Interval {
                    low: border,
                    low_closed: symbol == Symbol::GreaterEqual,
                    ..everything()
                }],
                Symbol::Approximate | Symbol::Congruent => return Ok(None),
            };
            let Some(both) = self.intersection(&pieces, &part)? else { return Ok(None) };
            pieces = both;
        }
        Ok(Some(RealSet { pieces, variable: Some(variable.clone()) }))
    }

    /// The union of pieces in any order; `None` when the order of two ends is not known.
    fn merged(&mut self, mut pieces: Pieces) -> Result<Option<Pieces>, OverBudget> {
        // Insertion sort by the oracle, nearly sorted as unions are.
        for at in 1..pieces.len() {
            let mut place = at;
            while place > 0 {
                match self.order(&pieces[place].low, &pieces[place - 1].low)? {
                    None => return Ok(None),
                    Some(Ordering::Less) => pieces.swap(place, place - 1),
                    Some(Ordering::Equal)
                        if pieces[place].low_closed && !pieces[place - 1].low_closed =>
                    {
                        pieces.swap(place, place - 1);
                    }
                    Some(_) => break,
                }
                place -= 1;
            }
        }
        let mut merged: Pieces = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let Some(last) = merged.last_mut() else {
                merged.push(piece);
                continue;
            };
            let Some(gap) = self.order(&last.high, &piece.low)? else { return Ok(None) };
            let touches = match gap {
                Ordering::Greater => true,
                Ordering::Equal => last.high_closed || piece.low_closed,
                Ordering::Less => false,
            };
            if !touches {
                merged.push(piece);
                continue;
            }
            match self.order(&last.high, &piece.high)? {
                None => return Ok(None),
                Some(Ordering::Less) => {
                    (last.high, last.high_closed) = (piece.high, piece.high_closed);
                }
                Some(Ordering::Equal) => last.high_closed |= piece.high_closed,
                Some(Ordering::Greater) => {}
            }
        }
        Ok(Some(merged))
    }

    fn intersection(
        &mut self,
        a: &[Interval],
        b: &[Interval],
    ) -> Result<Option<Pieces>, OverBudget> {
        let mut pieces = Vec::new();
        for left in a {
            for right in b {
                let (Some(lows), Some(highs)) =
                    (self.order(&left.low, &right.low)?, self.order(&left.high, &right.high)?)
                else {
                    return Ok(None);
                };
                let (low, low_closed) = match lows {
                    Ordering::Less => (&right.low, right.low_closed),
                    Ordering::Greater => (&left.low, left.low_closed),
                    Ordering::Equal => (&left.low, left.low_closed && right.low_closed),
                };
                let (high, high_closed) = match highs {
                    Ordering::Less => (&left.high, left.high_closed),
                    Ordering::Greater => (&right.high, right.high_closed),
                    Ordering::Equal => (&left.high, left.high_closed && right.high_closed),
                };
                let Some(order) = self.order(low, high)? else { return Ok(None) };
                let point = order == Ordering::Equal && low_closed && high_closed;
                if order == Ordering::Less || point {
                    let (low, high) = (low.clone(), high.clone());
                    pieces.push(Interval { low, high, low_closed, high_closed });
                }
            }
        }
        Ok(Some(pieces))
    }

    /// What is not in the pieces, which are in order.
    fn complement(&mut self, pieces: &[Interval]) -> Result<Option<Pieces>, OverBudget> {
        let mut rest = Vec::new();
        let mut open = everything();
        for piece in pieces {
            let gap = Interval {
                high: piece.low.clone(),
                high_closed: !piece.low_closed && infinity(&piece.low).is_none(),
                ..open.clone()
            };
            match self.order(&gap.low, &gap.high)? {
                None => return Ok(None),
                Some(Ordering::Less) => rest.push(gap),
                Some(Ordering::Equal) if gap.low_closed && gap.high_closed => rest.push(gap),
                Some(_) => {}
            }
            open.low = piece.high.clone();
            open.low_closed = !piece.high_closed && infinity(&piece.high).is_none();
        }
        if infinity(&open.low) != Some(true) {
            rest.push(open);
        }
        Ok(Some(rest))
    }
}

fn everything() -> Interval {
    Interval {
        low: Expr::Constant(Constant::Infinity).negated(),
        high: Expr::Constant(Constant::Infinity),
        low_closed: false,
        high_closed: false,
    }
}

fn point(value: &Expr) -> Interval {
    Interval { low: value.clone(), high: value.clone(), low_closed: true, high_closed: true }
}

/// `x symbol number` for an inequality that is linear in x.
fn isolated(variable: &str, left: &Expr, symbol: Symbol, right: &Expr) -> Option<(Symbol, Expr)> {
    let is_it = |e: &Expr| matches!(e, Expr::Variable(name) if name == variable);
    if is_it(left) && (is_number(right) || infinity(right).is_some()) {
        return Some((symbol, right.clone()));
    }
    if is_it(right) && (is_number(left) || infinity(left).is_some()) {
        return Some((symbol.flipped(), left.clone()));
    }
    let mut names = Names::default();
    let unknown = names.unknown(variable);
    let form =
        normal(&left.clone().minus(right.clone()), &mut names, &mut Budget::of(20_000)).ok()?;
    if !form.below.is_one() {
        return None;
    }
    let (slope, rest) = form.above.linear_in(unknown)?;
    let symbol = if slope.is_negative() { symbol.flipped() } else { symbol };
    Some((symbol, Expr::Number(-rest / slope)))
}

/// The integers in the pieces as points, from `least` on; `None` when there are too many.
fn integers(pieces: &[Interval], least: i64) -> Option<Pieces> {
    let mut points = Vec::new();
    for piece in pieces {
        let (low, high) = (rational(&piece.low), rational(&piece.high)?);
        let high = {
            let floor = high.floor();
            if floor == high && !piece.high_closed { floor - BigRational::one() } else { floor }
        };
        let low = match low {
            Some(low) => {
                let ceil = low.ceil();
                if ceil == low && !piece.low_closed { ceil + BigRational::one() } else { ceil }
            }
            // Down to the least one.
            None if least > i64::MIN => BigRational::from_integer(least.into()),
            None => return None,
        };
        let (low, high) = (low.to_integer().to_i64()?.max(least), high.to_integer().to_i64()?);
        if high.checked_sub(low)? > MAX_INTEGERS {
            return None;
        }
        points.extend((low..=high).map(|n| point(&Expr::integer(n))));
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_between_ends() {
        let piece = |low: i64, high: i64, low_closed, high_closed| Interval {
            low: Expr::integer(low),
            high: Expr::integer(high),
            low_closed,
            high_closed,
        };
        for (closed, expect) in [((true, true), 5), ((true, false), 4), ((false, false), 3)] {
            let found = integers(&[piece(-1, 3, closed.0, closed.1)], i64::MIN);
            assert_eq!(found.map(|f| f.len()), Some(expect));
        }
    }
}
