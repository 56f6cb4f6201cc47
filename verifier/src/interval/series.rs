//! Sums and products with bounds.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::Stop;
use super::evaluate::{Evaluator, integer};
use super::quantity::Quantity;
use super::real::Real;
use crate::value::{Constant, Expr, Series};

/// The longest sum that is added up.
const MAX_TERMS: i64 = 4000;

impl Evaluator<'_> {
    pub(super) fn series(&mut self, series: &Series) -> Result<Quantity, Stop> {
        let from = self.value(&series.from)?;
        let from = integer(&from)?.clone();
        if series.to == Expr::Constant(Constant::Infinity) {
            return self.geometric(series, from);
        }
        let to = self.value(&series.to)?;
        let count = (integer(&to)? - &from + 1i32).to_i64().ok_or_else(Stop::too_large)?;
        if count > MAX_TERMS {
            return Err(Stop::too_large());
        }
        let mut total = Quantity::integer(i32::from(series.product));
        for i in 0..count {
            let term = self.term(series, &from + i)?;
            total = if series.product {
                total.times(&term, &mut self.work)?
            } else {
                total.plus(&term, &mut self.work)?
            };
            total = total.bounded(self.limit, &mut self.work)?;
        }
        Ok(total)
    }

    /// The term at a value of the bound variable.
    fn term(&mut self, series: &Series, at: BigInt) -> Result<Quantity, Stop> {
        self.work.spend(20)?;
        let outer = self.bindings.get(&series.variable).cloned();
        let bindings = self.bindings.to_mut();
        bindings.set(series.variable.clone(), BigRational::from_integer(at));
        let term = self.value(&series.term);
        let bindings = self.bindings.to_mut();
        match outer {
            Some(value) => bindings.set(series.variable.clone(), value),
            None => bindings.unset(&series.variable),
        }
        term
    }

    /// The sum to infinity of terms whose quotients are all the same, which is seen from their
    /// form: products of powers with exponents linear in the bound variable.
    fn geometric(&mut self, series: &Series, from: BigInt) -> Result<Quantity, Stop> {
        if series.product {
            return Err(Stop::unsupported("an infinite product"));
        }
        if let Expr::Sum(terms) = &series.term {
            let mut total = Quantity::integer(0);
            for term in terms {
                let part = Series {
                    product: false,
                    variable: series.variable.clone(),
                    from: series.from.clone(),
                    to: series.to.clone(),
                    term: term.clone(),
                };
                let part = self.geometric(&part, from.clone())?;
                total = total.plus(&part, &mut self.work)?;
            }
            return Ok(total);
        }
        let ratio = self.quotient_of_terms(&series.term, &series.variable)?;
        let first = self.term(series, from)?;
        if first.is_zero() {
            return Ok(first);
        }
        let bits = self.work.bits;
        self.work.charge(10, bits)?;
        let size = ratio.enclosure(&mut self.work)?.modulus(bits)?;
        match size.compare(&Real::one()) {
            Some(std::cmp::Ordering::Less) => {}
            Some(_) => return Err(Stop::Undefined),
            None => return Err(Stop::Undecided),
        }
        let rest = Quantity::integer(1).plus(&ratio.negated(), &mut self.work)?;
        let inverse = rest.inverse(&mut self.work)?;
        first.times(&inverse, &mut self.work)
    }

    /// What a term is multiplied by when the variable grows by one.
    fn quotient_of_terms(&mut self, term: &Expr, variable: &str) -> Result<Quantity, Stop> {
        self.work.spend(4)?;
        let unknown = || Stop::unsupported("an infinite sum that is not geometric");
        if !mentions(term, variable) {
            return Ok(Quantity::integer(1));
        }
        match term {
            Expr::Product(factors) => {
                let mut ratio = Quantity::integer(1);
                for factor in factors {
                    let next = self.quotient_of_terms(factor, variable)?;
                    ratio = ratio.times(&next, &mut self.work)?;
                }
                Ok(ratio)
            }
            Expr::Power(base, exponent) if !mentions(base, variable) => {
                let slope = slope(exponent, variable).ok_or_else(unknown)?;
                if !slope.is_integer() {
                    return Err(unknown());
                }
                let slope = Expr::Number(slope);
                self.value(&Expr::Power(base.clone(), Box::new(slope)))
            }
            Expr::Power(base, exponent) => match exponent.as_number() {
                Some(n) if n.is_integer() => {
                    let ratio = self.quotient_of_terms(base, variable)?;
                    self.power(&ratio, &Quantity::rational(n.clone()))
                }
                _ => Err(unknown()),
            },
            _ => Err(unknown()),
        }
    }
}

/// How much a linear expression with exact coefficients grows with a variable.
fn slope(expr: &Expr, variable: &str) -> Option<BigRational> {
    match expr {
        Expr::Variable(name) if name == variable => Some(BigRational::one()),
        Expr::Sum(terms) => terms.iter().map(|term| slope(term, variable)).sum(),
        Expr::Product(factors) => {
            let mut slopes = factors.iter().filter(|factor| mentions(factor, variable));
            let Some(factor) = slopes.next() else { return Some(BigRational::zero()) };
            if slopes.next().is_some() {
                return None;
            }
            let others = factors.iter().filter(|other| !mentions(other, variable));
            let scale =
                others.map(Expr::as_number).try_fold(BigRational::one(), |product, n| {
                    n.filter(|n| n.is_positive() || n.is_negative()).map(|n| product * n)
                })?;
            Some(slope(factor, variable)? * scale)
        }
        other => (!mentions(other, variable)).then(BigRational::zero),
    }
}

/// Whether a variable occurs in an expression.
fn mentions(expr: &Expr, variable: &str) -> bool {
    match expr {
        Expr::Number(_) | Expr::Constant(_) => false,
        Expr::Variable(name) => name == variable,
        Expr::Sum(parts) | Expr::Product(parts) | Expr::Call(_, parts) => {
            parts.iter().any(|part| mentions(part, variable))
        }
        Expr::Power(base, exponent) => mentions(base, variable) || mentions(exponent, variable),
        Expr::Series(series) => {
            [&series.from, &series.to, &series.term].into_iter().any(|e| mentions(e, variable))
        }
    }
}
