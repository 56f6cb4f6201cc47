//! How near to zero an algebraic number can be without being zero.

use std::collections::BTreeSet;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive};

use super::Stop;
use super::evaluate::{Bindings, EXACT_BITS, Evaluator};
use crate::budget::Budget;
use crate::value::{Constant, Expr, Function};

/// Parts of a bit in which heights are counted.
const PARTS: u64 = 16;

/// The value as a quotient of two algebraic integers: logarithms of bounds for all conjugates of
/// the numerator and of the denominator, in [`PARTS`] of a bit.
#[derive(Clone, Copy, Debug)]
struct Height {
    numerator: u64,
    denominator: u64,
}

/// An `s` such that `a - b` is zero or more than `2^-s` in magnitude; nothing when they are not
/// made of integers, i, quotients, integer powers and roots.
///
/// The bound of Burnikel, Funke, Mehlhorn, Schirra and Schmitt (A separation bound for real
/// algebraic expressions, 2001): a value other than zero is at least `1 / (l · u^(D-1))`, where u
/// and l bound the conjugates of numerator and denominator and D is the product of the degrees of
/// all different roots. It holds for complex numbers too: the product of the magnitudes of all
/// conjugates of an algebraic integer other than zero is at least one, whatever root is chosen.
pub(super) fn separation(a: &Expr, b: &Expr, budget: &mut Budget) -> Result<Option<u64>, Stop> {
    let mut roots = Roots { degrees: BTreeSet::new(), imaginary: false, budget };
    let (Some(a), Some(b)) = (roots.height(a)?, roots.height(b)?) else { return Ok(None) };
    let difference = sum(&[a, b]);
    let degrees = roots.degrees.iter().map(|(_, degree)| u64::from(*degree));
    let degree = degrees.fold(1 + u64::from(roots.imaginary), u64::saturating_mul);
    let parts =
        difference.numerator.saturating_mul(degree - 1).saturating_add(difference.denominator);
    Ok(Some(parts / PARTS + 2))
}

struct Roots<'e, 'b> {
    /// The different roots, by what is under them and their degree.
    degrees: BTreeSet<(&'e Expr, u32)>,
    imaginary: bool,
    budget: &'b mut Budget,
}

impl<'e> Roots<'e, '_> {
    fn height(&mut self, expr: &'e Expr) -> Result<Option<Height>, Stop> {
        self.budget.spend(4)?;
        match expr {
            Expr::Number(q) => Ok(Some(fraction(q.numer(), q.denom()))),
            Expr::Constant(Constant::I) => {
                self.imaginary = true;
                Ok(Some(Height { numerator: 0, denominator: 0 }))
            }
            Expr::Constant(_) | Expr::Variable(_) | Expr::Series(_) => Ok(None),
            Expr::Sum(terms) => Ok(self.heights(terms)?.map(|heights| sum(&heights))),
            Expr::Product(factors) => Ok(self.heights(factors)?.map(|heights| {
                heights.iter().fold(Height { numerator: 0, denominator: 0 }, |product, factor| {
                    Height {
                        numerator: product.numerator.saturating_add(factor.numerator),
                        denominator: product.denominator.saturating_add(factor.denominator),
                    }
                })
            })),
            Expr::Power(base, exponent) => {
                let Some(q) = exponent.as_number() else { return Ok(None) };
                let (Some(count), Some(degree)) = (q.numer().to_i64(), q.denom().to_u32()) else {
                    return Ok(None);
                };
                Ok(self.root(base, degree)?.map(|root| power(root, count)))
            }
            Expr::Call(Function::Root, arguments) => {
                let [radicand, degree] = arguments.as_slice() else { return Ok(None) };
                match degree.as_number().filter(|q| q.is_integer()).and_then(|q| q.numer().to_i64())
                {
                    Some(n @ 1..) => match u32::try_from(n) {
                        Ok(n) => self.root(radicand, n),
                        Err(_) => Ok(None),
                    },
                    _ => Ok(None),
                }
            }
            Expr::Call(..) => {
                // A function whose value is exactly rational counts as that.
                let bindings = Bindings::new();
                let mut evaluator = Evaluator::new(&bindings, 64, EXACT_BITS, self.budget);
                let value = match evaluator.value(expr) {
                    Ok(value) => value,
                    Err(Stop::OverBudget(over)) => return Err(over.into()),
                    Err(_) => return Ok(None),
                };
                Ok(value.as_rational().map(|q| fraction(q.numer(), q.denom())))
            }
        }
    }

    fn heights(&mut self, parts: &'e [Expr]) -> Result<Option<Vec<Height>>, Stop> {
        parts.iter().map(|part| self.height(part)).collect()
    }

    fn root(&mut self, radicand: &'e Expr, degree: u32) -> Result<Option<Height>, Stop> {
        let Some(inner) = self.height(radicand)? else { return Ok(None) };
        if degree <= 1 {
            return Ok((degree == 1).then_some(inner));
        }
        // Comparing expressions takes about as long as walking them.
        self.budget.spend(16)?;
        self.degrees.insert((radicand, degree));
        let n = u64::from(degree);
        let Height { numerator, denominator } = inner;
        // (U/L)^(1/n) = (U L^(n-1))^(1/n) / L = U / (U^(n-1) L)^(1/n)
        let mixed =
            |once: u64, often: u64| often.saturating_mul(n - 1).saturating_add(once).div_ceil(n);
        Ok(Some(if numerator >= denominator {
            Height { numerator: mixed(numerator, denominator), denominator }
        } else {
            Height { numerator, denominator: mixed(denominator, numerator) }
        }))
    }
}

/// An upper bound of the logarithm of a positive integer.
fn log2(n: &BigInt) -> u64 {
    if n.is_one() { 0 } else { PARTS * (n.abs() - 1i32).bits() }
}

fn fraction(numerator: &BigInt, denominator: &BigInt) -> Height {
    Height {
        numerator: if numerator.bits() == 0 { 0 } else { log2(&numerator.abs()) },
        denominator: log2(denominator),
    }
}

/// The sum over the product of all denominators.
fn sum(terms: &[Height]) -> Height {
    let denominator = terms.iter().fold(0u64, |all, term| all.saturating_add(term.denominator));
    let largest = terms
        .iter()
        .map(|term| term.numerator.saturating_add(denominator - term.denominator))
        .max()
        .unwrap_or(0);
    let count = u64::from(usize::BITS - terms.len().saturating_sub(1).leading_zeros());
    Height { numerator: largest.saturating_add(PARTS * count), denominator }
}

fn power(base: Height, count: i64) -> Height {
    let n = count.unsigned_abs();
    let (numerator, denominator) =
        (base.numerator.saturating_mul(n), base.denominator.saturating_mul(n));
    if count < 0 {
        Height { numerator: denominator, denominator: numerator }
    } else {
        Height { numerator, denominator }
    }
}
