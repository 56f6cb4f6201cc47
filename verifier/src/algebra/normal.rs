use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::polynomial::{Polynomial, Unknown};
use crate::budget::{Budget, OverBudget};
use crate::value::{Constant, Expr, Function};

/// The largest exponent that is multiplied out.
const MAX_EXPONENT: i64 = 4096;
/// The largest number whose square root is taken apart.
const MAX_RADICAND: u64 = 1_000_000_000;

/// Why an expression has no normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoForm {
    /// Something other than arithmetic is in it.
    NotRational,
    /// It divides by zero.
    Undefined,
    /// It grows over the bounds.
    OverBudget(OverBudget),
}

impl From<OverBudget> for NoForm {
    fn from(over: OverBudget) -> Self {
        Self::OverBudget(over)
    }
}

/// The names of variables and constants that two expressions share.
#[derive(Debug, Default)]
pub(crate) struct Names(Vec<String>);

impl Names {
    /// The unknown for a name; π and e have names that no variable has.
    pub fn unknown(&mut self, name: &str) -> Unknown {
        let at = self.0.iter().position(|n| n == name).unwrap_or_else(|| {
            self.0.push(name.to_owned());
            self.0.len() - 1
        });
        Unknown::Name(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// Whether an unknown is π or e: of these it is not known whether they are independent.
    pub fn is_constant(&self, unknown: Unknown) -> bool {
        match unknown {
            Unknown::Name(at) => self.0.get(at as usize).is_some_and(|name| name.starts_with('#')),
            Unknown::I | Unknown::Root(_) => false,
        }
    }
}

/// A quotient of two polynomials; the lower one is not zero.
#[derive(Clone, Debug)]
pub(crate) struct Normal {
    pub above: Polynomial,
    pub below: Polynomial,
}

impl Normal {
    fn whole(above: Polynomial) -> Self {
        Self { above, below: Polynomial::one() }
    }

    fn add(self, other: Self, budget: &mut Budget) -> Result<Self, NoForm> {
        if self.below == other.below {
            return Ok(Self { above: self.above.add(&other.above, budget)?, below: self.below });
        }
        let above = self
            .above
            .multiply(&other.below, budget)?
            .add(&other.above.multiply(&self.below, budget)?, budget)?;
        Ok(Self { above, below: self.below.multiply(&other.below, budget)? })
    }

    fn multiply(self, other: &Self, budget: &mut Budget) -> Result<Self, NoForm> {
        let below = if other.below.is_one() {
            self.below
        } else {
            self.below.multiply(&other.below, budget)?
        };
        Ok(Self { above: self.above.multiply(&other.above, budget)?, below }.lowered())
    }

    /// A constant below goes into the numbers above.
    fn lowered(self) -> Self {
        match self.below.as_constant() {
            Some(value) if !value.is_one() => {
                let factor = value.recip();
                Self::whole(self.above.scaled(&factor))
            }
            _ => self,
        }
    }

    fn power(&self, exponent: i64, budget: &mut Budget) -> Result<Self, NoForm> {
        let size = u32::try_from(exponent.unsigned_abs()).map_err(|_| NoForm::NotRational)?;
        let above = self.above.power(size, budget)?;
        let below = self.below.power(size, budget)?;
        if exponent >= 0 {
            return Ok(Self { above, below });
        }
        if above.is_zero() {
            return Err(NoForm::Undefined);
        }
        Ok(Self { above: below, below: above }.lowered())
    }

    /// Whether both are the same quotient.
    pub fn equals(&self, other: &Self, budget: &mut Budget) -> Result<bool, NoForm> {
        if self.below == other.below {
            return Ok(self.above == other.above);
        }
        let left = self.above.multiply(&other.below, budget)?;
        Ok(left == other.above.multiply(&self.below, budget)?)
    }

    /// The rational number that it is, if no unknown is in it.
    pub fn to_rational(&self) -> Option<BigRational> {
        Some(self.above.to_rational()? / self.below.as_constant()?)
    }
}

/// The normal form of an expression.
pub(crate) fn normal(
    expr: &Expr,
    names: &mut Names,
    budget: &mut Budget,
) -> Result<Normal, NoForm> {
    budget.spend(10)?;
    match expr {
        Expr::Number(value) => Ok(Normal::whole(Polynomial::constant(value.clone()))),
        Expr::Constant(Constant::I) => Ok(Normal::whole(Polynomial::unknown(Unknown::I))),
        Expr::Constant(Constant::Pi) => {
            Ok(Normal::whole(Polynomial::unknown(names.unknown("#pi"))))
        }
        Expr::Constant(Constant::E) => Ok(Normal::whole(Polynomial::unknown(names.unknown("#e")))),
        Expr::Constant(Constant::Infinity) => Err(NoForm::NotRational),
        Expr::Variable(name) => Ok(Normal::whole(Polynomial::unknown(names.unknown(name)))),
        Expr::Sum(terms) => {
            let mut sum = Normal::whole(Polynomial::constant(BigRational::zero()));
            for term in terms {
                sum = sum.add(normal(term, names, budget)?, budget)?;
            }
            Ok(sum)
        }
        Expr::Product(factors) => {
            let mut product = Normal::whole(Polynomial::one());
            for factor in factors {
                product = product.multiply(&normal(factor, names, budget)?, budget)?;
            }
            Ok(product)
        }
        Expr::Power(base, exponent) => {
            let base = normal(base, names, budget)?;
            let exponent =
                normal(exponent, names, budget)?.to_rational().ok_or(NoForm::NotRational)?;
            power(&base, &exponent, budget)
        }
        Expr::Call(Function::Root, arguments) => {
            let [radicand, index] = arguments.as_slice() else { return Err(NoForm::NotRational) };
            if index.as_number().is_none_or(|n| *n != BigRational::from_integer(2.into())) {
                return Err(NoForm::NotRational);
            }
            let radicand = normal(radicand, names, budget)?;
            square_root(&radicand.to_rational().ok_or(NoForm::NotRational)?)
        }
        Expr::Call(..) | Expr::Series(_) => Err(NoForm::NotRational),
    }
}

fn power(base: &Normal, exponent: &BigRational, budget: &mut Budget) -> Result<Normal, NoForm> {
    if exponent.is_integer() {
        let exponent = exponent.to_integer().to_i64().ok_or(NoForm::NotRational)?;
        // Of a large power of a number only its size is known without much work.
        let bits = base.above.as_constant().map_or(1, |n| n.numer().bits().max(n.denom().bits()));
        let large = (exponent.unsigned_abs()).saturating_mul(bits) > 1 << 14;
        if exponent.abs() > MAX_EXPONENT || large {
            return Err(NoForm::NotRational);
        }
        if exponent == 0 && base.above.is_zero() {
            return Err(NoForm::Undefined);
        }
        return base.power(exponent, budget);
    }
    if *exponent.denom() != BigInt::from(2) {
        return Err(NoForm::NotRational);
    }
    let value = base.to_rational().ok_or(NoForm::NotRational)?;
    let whole = exponent.numer().to_i64().ok_or(NoForm::NotRational)?;
    if whole.abs() > 64 {
        return Err(NoForm::NotRational);
    }
    square_root(&value)?.power(whole, budget)
}

/// The square root of a number by its prime factors: `sqrt(12)` is `2·√3`.
fn square_root(value: &BigRational) -> Result<Normal, NoForm> {
    if value.is_zero() {
        return Ok(Normal::whole(Polynomial::constant(BigRational::zero())));
    }
    // √(a/b) = √(ab) / b
    let radicand = value.numer().magnitude() * value.denom().magnitude();
    let mut left = radicand.to_u64().filter(|n| *n <= MAX_RADICAND).ok_or(NoForm::NotRational)?;
    let mut budget = Budget::default();
    let mut outside = 1u64;
    let mut root = Polynomial::one();
    let mut prime = 2u64;
    while prime * prime <= left {
        while left.is_multiple_of(prime * prime) {
            left /= prime * prime;
            outside *= prime;
        }
        if left.is_multiple_of(prime) {
            left /= prime;
            let prime = u32::try_from(prime).map_err(|_| NoForm::NotRational)?;
            root = root.multiply(&Polynomial::unknown(Unknown::Root(prime)), &mut budget)?;
        }
        prime += if prime == 2 { 1 } else { 2 };
    }
    if left > 1 {
        let prime = u32::try_from(left).map_err(|_| NoForm::NotRational)?;
        root = root.multiply(&Polynomial::unknown(Unknown::Root(prime)), &mut budget)?;
    }
    if value.is_negative() {
        root = root.multiply(&Polynomial::unknown(Unknown::I), &mut budget)?;
    }
    let factor = BigRational::new(outside.into(), value.denom().clone());
    Ok(Normal::whole(root.scaled(&factor)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation;
    use crate::value::{Quantity, Value};

    fn expression(text: &str) -> Expr {
        match notation::read(text) {
            Ok(Value::Quantity(Quantity { value, .. })) => value,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn equal_expressions_have_equal_forms() {
        for (left, right, expect) in [
            ("(x+1)^2", "x^2+2x+1", true),
            ("(x+1)^2", "x^2+2x+2", false),
            ("\\frac{1}{x-1}-\\frac{1}{x+1}", "\\frac{2}{x^2-1}", true),
            ("\\frac{x^2-1}{x-1}", "x+1", true),
            ("\\sqrt{8}", "2\\sqrt{2}", true),
            ("\\sqrt{2}\\sqrt{3}", "\\sqrt{6}", true),
            ("\\frac{1}{\\sqrt{2}}", "\\frac{\\sqrt{2}}{2}", true),
            ("\\frac{1}{\\sqrt{3}-\\sqrt{2}}", "\\sqrt{3}+\\sqrt{2}", true),
            ("\\sqrt{\\frac{3}{4}}", "\\frac{\\sqrt{3}}{2}", true),
            ("\\sqrt{-4}", "2i", true),
            ("(1+i)^2", "2i", true),
            ("\\frac{1}{1+i}", "\\frac{1-i}{2}", true),
            ("2^{1/2}", "\\sqrt{2}", true),
            ("2\\pi r", "r \\cdot \\pi \\cdot 2", true),
            ("(a-b)(a+b)", "a^2-b^2", true),
            ("\\sqrt{2}", "\\sqrt{3}", false),
        ] {
            let (mut names, mut budget) = (Names::default(), Budget::default());
            let a = normal(&expression(left), &mut names, &mut budget)
                .unwrap_or_else(|e| panic!("{left}: {e:?}"));
            let b = normal(&expression(right), &mut names, &mut budget)
                .unwrap_or_else(|e| panic!("{right}: {e:?}"));
            assert_eq!(a.equals(&b, &mut budget), Ok(expect), "{left} = {right}");
        }
    }
}
