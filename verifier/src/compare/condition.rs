//! The numbers for which conditions hold: inequalities in one variable, sets with a condition.

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};

use super::Bench;
use super::expression::infinity;
use super::number::{is_number, rational};
use super::pieces::{Pieces, everything, point};
use super::real_set::{Read, RealSet};
use crate::algebra::{Names, normal};
use crate::budget::{Budget, OverBudget};
use crate::value::{Expr, Function, Interval, NamedSet, Relation, Symbol, Value};

impl Bench<'_> {
    /// `\{x \in D : conditions\}`; of integers the points.
    pub(super) fn built(
        &mut self,
        variable: &str,
        domain: Option<&Value>,
        conditions: &[Value],
    ) -> Read {
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
    pub(super) fn solved(&mut self, relation: &Relation) -> Read {
        let mut variables: Vec<String> = relation.terms.iter().flat_map(Expr::variables).collect();
        variables.dedup();
        variables.sort_unstable();
        variables.dedup();
        let [variable] = variables.as_slice() else { return Ok(None) };
        let mut pieces = vec![everything()];
        for (sides, symbol) in relation.terms.windows(2).zip(&relation.symbols) {
            let [left, right] = sides else { return Ok(None) };
            if let Some(part) = self.within(left, *symbol, right)? {
                let Some(both) = self.intersection(&pieces, &part)? else { return Ok(None) };
                pieces = both;
                continue;
            }
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

    /// `|x| < 3` and `x^2 < 9` around zero, `|x| > 3` outside, for a positive bound.
    pub(super) fn within(
        &mut self,
        left: &Expr,
        symbol: Symbol,
        right: &Expr,
    ) -> Result<Option<Pieces>, OverBudget> {
        let is_variable = |e: &Expr| matches!(e, Expr::Variable(_));
        let two = Expr::integer(2);
        let bound = match left {
            Expr::Call(Function::Abs, arguments) if arguments.iter().all(is_variable) => {
                right.clone()
            }
            Expr::Power(base, exponent) if is_variable(base) && **exponent == two => {
                Expr::Call(Function::Root, vec![right.clone(), two])
            }
            _ => return Ok(None),
        };
        if !is_number(right) || self.is_positive(right) != Some(true) {
            return Ok(None);
        }
        let inner = Interval {
            low: bound.clone().negated(),
            high: bound,
            // What is outside leaves these ends out when it is closed.
            low_closed: matches!(symbol, Symbol::LessEqual | Symbol::Greater),
            high_closed: matches!(symbol, Symbol::LessEqual | Symbol::Greater),
        };
        match symbol {
            Symbol::Less | Symbol::LessEqual => Ok(Some(vec![inner])),
            Symbol::Greater | Symbol::GreaterEqual => self.complement(&[inner]),
            _ => Ok(None),
        }
    }
}

/// The most integers that a condition may leave.
const MAX_INTEGERS: i64 = 1000;

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
