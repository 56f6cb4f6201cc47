use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::complex::Complex;
use super::quantity::{Quantity, Unit};
use super::real::{Real, Side};
use super::{Stop, Work};
use crate::budget::{Budget, OverBudget};
use crate::value::{Constant, Expr};

/// Exact numbers may have as many bits; larger ones are enclosed instead.
pub(super) const EXACT_BITS: u64 = 1 << 14;
/// Deeper than any expression that the reader makes, with what comparisons put around it.
const MAX_DEPTH: usize = 4 * Expr::MAX_DEPTH;

/// What a logarithm without a base means.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum LogBase {
    /// It has no value.
    #[default]
    Unknown,
    /// Base ten.
    Ten,
    /// The natural logarithm.
    E,
    /// The base with this natural logarithm: what holds for some random one holds for any.
    WithLogarithm(BigRational),
}

/// The values of variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bindings {
    values: Vec<(String, BigRational)>,
    /// What a logarithm without a base means.
    pub log_base: LogBase,
}

impl Bindings {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// No values, but a meaning for logarithms without a base.
    pub fn with_log_base(log_base: LogBase) -> Self {
        Self { values: Vec::new(), log_base }
    }

    /// Gives a variable a value, instead of an earlier one if there is one.
    pub fn set(&mut self, variable: impl Into<String>, value: BigRational) {
        let variable = variable.into();
        self.values.retain(|(name, _)| *name != variable);
        self.values.push((variable, value));
    }

    /// Whether the variables have the same values in the same order.
    pub(super) fn same_values(&self, other: &Self) -> bool {
        self.values == other.values
    }

    /// Takes the value of a variable away.
    pub fn unset(&mut self, variable: &str) {
        self.values.retain(|(name, _)| name != variable);
    }

    /// The value of a variable.
    pub fn get(&self, variable: &str) -> Option<&BigRational> {
        self.values.iter().rev().find(|(name, _)| name == variable).map(|(_, value)| value)
    }
}

/// A rectangle around the value of an expression, at a precision in bits.
///
/// # Errors
/// When there is no value, or none that can be computed.
pub fn evaluate(
    expr: &Expr,
    at: &Bindings,
    precision: u32,
    budget: &mut Budget,
) -> Result<Complex, Stop> {
    let mut evaluator = Evaluator::new(at, precision, EXACT_BITS, budget);
    let value = evaluator.value(expr)?;
    value.enclosure(&mut evaluator.work)
}

/// Evaluation at one point.
pub(super) struct Evaluator<'a> {
    pub(super) bindings: std::borrow::Cow<'a, Bindings>,
    pub(super) work: Work<'a>,
    /// See [`EXACT_BITS`].
    pub(super) limit: u64,
    /// The largest [`Quantity::extent`] on the way.
    pub(super) extent: u64,
    depth: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        at: &'a Bindings,
        precision: u32,
        limit: u64,
        budget: &'a mut Budget,
    ) -> Self {
        Self {
            bindings: std::borrow::Cow::Borrowed(at),
            work: Work::new(precision, budget),
            limit,
            extent: 0,
            depth: 0,
        }
    }

    /// The value of an expression.
    pub(super) fn value(&mut self, expr: &Expr) -> Result<Quantity, Stop> {
        if self.depth >= MAX_DEPTH {
            return Err(OverBudget::new("depth", "the expression is nested too deeply").into());
        }
        self.depth += 1;
        let value = self.node(expr);
        self.depth -= 1;
        let value = value?.bounded(self.limit, &mut self.work)?;
        self.extent = self.extent.max(value.extent());
        Ok(value)
    }

    fn node(&mut self, expr: &Expr) -> Result<Quantity, Stop> {
        self.work.spend(4)?;
        match expr {
            Expr::Number(q) => {
                self.work.spend(super::quantity::size(q) / 64)?;
                Ok(Quantity::rational(q.clone()))
            }
            Expr::Constant(constant) => self.constant(*constant),
            Expr::Variable(name) => match self.bindings.get(name) {
                // At a random point fractions only slow exact arithmetic down.
                Some(value) if self.limit < EXACT_BITS && !value.is_integer() => {
                    Ok(Quantity::rational(value.clone()).enclosure(&mut self.work)?.into())
                }
                Some(value) => Ok(Quantity::rational(value.clone())),
                None => Err(Stop::unsupported(format!("the variable {name}"))),
            },
            Expr::Sum(terms) => {
                let mut sum = Quantity::integer(0);
                for term in terms {
                    let term = self.value(term)?;
                    sum = sum.plus(&term, &mut self.work)?.bounded(self.limit, &mut self.work)?;
                }
                Ok(sum)
            }
            Expr::Product(factors) => {
                let mut product = Quantity::integer(1);
                for factor in factors {
                    let factor = self.value(factor)?;
                    product = product
                        .times(&factor, &mut self.work)?
                        .bounded(self.limit, &mut self.work)?;
                }
                Ok(product)
            }
            Expr::Power(base, exponent) => {
                let exponent = self.value(exponent)?;
                if **base == Expr::Constant(Constant::E) {
                    return self.exponential(&exponent);
                }
                let base = self.value(base)?;
                self.power(&base, &exponent)
            }
            Expr::Call(function, arguments) => self.call(function, arguments),
            Expr::Series(series) => self.series(series),
        }
    }

    fn constant(&mut self, constant: Constant) -> Result<Quantity, Stop> {
        match constant {
            Constant::Pi => Ok(Quantity::Exact(BigRational::one(), Unit::Pi)),
            Constant::I => Ok(Quantity::Exact(BigRational::one(), Unit::I)),
            Constant::E => Ok(super::exponential::exp(&Real::one(), &mut self.work)?.into()),
            Constant::Infinity => Err(Stop::Undefined),
        }
    }
}

/// The rational number that an integer must be.
fn exact(value: &Quantity) -> Result<&BigRational, Stop> {
    match value {
        Quantity::Exact(q, Unit::One) => Ok(q),
        Quantity::Exact(..) => Err(Stop::Undefined),
        Quantity::Enclosed(z) if !z.is_real() && z.im.side() != Side::MaybeZero => {
            Err(Stop::Undefined)
        }
        Quantity::Enclosed(z)
            if z.re.floor().is_ok_and(|n| z.re.low.compare(&n.into()).is_gt()) =>
        {
            // Between two integers: no integer, and only integers are asked for.
            Err(Stop::Undefined)
        }
        Quantity::Enclosed(_) => Err(Stop::Undecided),
    }
}

/// The integer that a value must be here.
pub(super) fn integer(value: &Quantity) -> Result<&BigInt, Stop> {
    let q = exact(value)?;
    if q.is_integer() { Ok(q.numer()) } else { Err(Stop::Undefined) }
}

/// The natural number that a value must be here, when it is not too large to count to.
pub(super) fn natural(value: &Quantity) -> Result<u64, Stop> {
    let n = integer(value)?;
    if n.is_negative() {
        return Err(Stop::Undefined);
    }
    if n.is_zero() { Ok(0) } else { n.to_u64().ok_or_else(Stop::too_large) }
}
