//! Numbers, their enclosures and their order.

use std::cmp::Ordering;

use num_rational::BigRational;
use num_traits::Signed;

use super::Bench;
use super::expression::{Equality, infinity};
use crate::algebra::{Names, normal};
use crate::budget::{Budget, OverBudget};
use crate::interval::{Bindings, Real, Side, evaluate};
use crate::policy::Tolerance;
use crate::value::{Expr, Literal};

/// Bits of the enclosures by which numbers are ordered.
const BITS: u32 = 192;

/// Whether an expression has no variable in it.
pub(super) fn is_number(expr: &Expr) -> bool {
    !expr.has_variable()
}

/// The exact rational number that an expression is, if arithmetic shows that.
pub(super) fn rational(expr: &Expr) -> Option<BigRational> {
    if let Expr::Number(value) = expr {
        return Some(value.clone());
    }
    normal(expr, &mut Names::default(), &mut Budget::of(20_000)).ok()?.to_rational()
}

/// An interval around a number, if it is a real one.
pub(super) fn enclosure(expr: &Expr, budget: &mut Budget) -> Option<Real> {
    if let Expr::Number(value) = expr {
        return Real::rational(value, BITS).ok();
    }
    evaluate(expr, &Bindings::new(), BITS, budget).ok()?.as_real().cloned()
}

/// Rational numbers below and above a number; the same twice when it is rational.
pub(super) fn bounds(expr: &Expr, budget: &mut Budget) -> Option<(BigRational, BigRational)> {
    if let Some(value) = rational(expr) {
        return Some((value.clone(), value));
    }
    let real = enclosure(expr, budget)?;
    Some((real.low.to_rational()?, real.high.to_rational()?))
}

/// The largest distance that a policy allows from the known number, and whether the distance
/// itself is still allowed; `None` for an exact comparison.
pub(super) fn margin(
    tolerance: &Tolerance,
    gold: &BigRational,
    literal: Option<&Literal>,
) -> Option<(BigRational, bool)> {
    match tolerance {
        Tolerance::Exact => None,
        Tolerance::Relative(part) => Some((gold.abs() * part, true)),
        Tolerance::Absolute(distance) => Some((distance.clone(), true)),
        Tolerance::SignificantFigures => {
            let literal = literal.filter(|l| l.decimal)?;
            let place =
                num_traits::Pow::pow(BigRational::from_integer(10.into()), literal.last_place);
            let half = place / BigRational::from_integer(2.into());
            // One figure promises less than it seems to.
            let part = gold.abs() / BigRational::from_integer(20.into());
            Some((half.min(part), false))
        }
    }
}

impl Bench<'_> {
    /// The order of two numbers; `None` when it could not be decided.
    pub(super) fn order(&mut self, a: &Expr, b: &Expr) -> Result<Option<Ordering>, OverBudget> {
        match (infinity(a), infinity(b)) {
            (None, None) => {}
            (a, b) => {
                let rank =
                    |end: Option<bool>| end.map_or(1, |positive| if positive { 2 } else { 0 });
                return Ok(Some(rank(a).cmp(&rank(b))));
            }
        }
        if let (Expr::Number(a), Expr::Number(b)) = (a, b) {
            return Ok(Some(a.cmp(b)));
        }
        let (Some(left), Some(right)) = (enclosure(a, self.budget), enclosure(b, self.budget))
        else {
            return Ok(None);
        };
        if let Some(order @ (Ordering::Less | Ordering::Greater)) = left.compare(&right) {
            return Ok(Some(order));
        }
        Ok(matches!(self.equality(a, b)?, Equality::Equal(_)).then_some(Ordering::Equal))
    }

    /// Whether an expression is a positive number for sure.
    pub(super) fn is_positive(&mut self, expr: &Expr) -> Option<bool> {
        match enclosure(expr, self.budget)?.side() {
            Side::Positive => Some(true),
            Side::Negative => Some(false),
            Side::MaybeZero => None,
        }
    }
}
