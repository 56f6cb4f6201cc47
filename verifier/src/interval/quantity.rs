use std::borrow::Cow;

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::circular::pi;
use super::complex::Complex;
use super::real::Real;
use super::{Stop, Work};
use crate::algebra::exact::{product, sum};

/// What an exact value is a multiple of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 1
    One,
    /// i
    I,
    /// π
    Pi,
    /// iπ
    IPi,
}

/// The value of an expression: exact as long as it can be kept so, else enclosed.
#[derive(Clone, Debug)]
pub enum Quantity {
    /// A rational multiple of a unit; zero is a multiple of one.
    Exact(BigRational, Unit),
    /// A rectangle that contains it.
    Enclosed(Complex),
}

impl From<Complex> for Quantity {
    fn from(z: Complex) -> Self {
        Self::Enclosed(z)
    }
}

impl From<Real> for Quantity {
    fn from(x: Real) -> Self {
        Self::Enclosed(x.into())
    }
}

/// The bits of the numerator and denominator together.
pub(super) fn size(q: &BigRational) -> u64 {
    q.numer().bits() + q.denom().bits()
}

impl Quantity {
    /// A rational number.
    pub fn rational(q: BigRational) -> Self {
        Self::Exact(q, Unit::One)
    }

    /// An integer.
    pub fn integer(n: impl Into<BigInt>) -> Self {
        Self::rational(BigRational::from_integer(n.into()))
    }

    /// A multiple of a unit.
    pub(super) fn multiple(q: BigRational, unit: Unit) -> Self {
        let unit = if q.is_zero() { Unit::One } else { unit };
        Self::Exact(q, unit)
    }

    /// The rational number, when it is exactly one.
    pub fn as_rational(&self) -> Option<&BigRational> {
        match self {
            Self::Exact(q, Unit::One) => Some(q),
            _ => None,
        }
    }

    /// The integer, when it is exactly one.
    pub fn as_integer(&self) -> Option<&BigInt> {
        self.as_rational().filter(|q| q.is_integer()).map(BigRational::numer)
    }

    /// Whether it is exactly zero.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Exact(q, _) => q.is_zero(),
            Self::Enclosed(z) => z.is_zero(),
        }
    }

    /// A rectangle around it.
    ///
    /// # Errors
    /// When it is too large, as in the operations below.
    pub fn enclosure(&self, work: &mut Work<'_>) -> Result<Complex, Stop> {
        Ok(self.enclosed(work)?.into_owned())
    }

    /// [`Quantity::enclosure`] without a copy when it is one already.
    fn enclosed(&self, work: &mut Work<'_>) -> Result<Cow<'_, Complex>, Stop> {
        let bits = work.bits;
        let (q, unit) = match self {
            Self::Exact(q, unit) => (q, unit),
            Self::Enclosed(z) => return Ok(Cow::Borrowed(z)),
        };
        work.charge(1, bits)?;
        let mut real = Real::rational(q, bits)?;
        if matches!(unit, Unit::Pi | Unit::IPi) {
            real = real.times(&pi(bits)?, bits)?;
        }
        Ok(Cow::Owned(match unit {
            Unit::One | Unit::Pi => real.into(),
            Unit::I | Unit::IPi => Complex { re: Real::zero(), im: real },
        }))
    }

    /// An interval around a real number: undefined for others, undecided when it is not certain.
    pub fn real(&self, work: &mut Work<'_>) -> Result<Real, Stop> {
        let z = self.enclosed(work)?;
        if z.is_real() {
            Ok(z.re.clone())
        } else if z.im.side() == super::real::Side::MaybeZero {
            Err(Stop::Undecided)
        } else {
            Err(Stop::Undefined)
        }
    }

    /// An exact value of more bits than these becomes an enclosed one.
    pub(super) fn bounded(self, limit: u64, work: &mut Work<'_>) -> Result<Self, Stop> {
        match &self {
            Self::Exact(q, _) if size(q) > limit => Ok(self.enclosure(work)?.into()),
            _ => Ok(self),
        }
    }

    /// `-x`.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self {
            Self::Exact(q, unit) => Self::Exact(-q, *unit),
            Self::Enclosed(z) => z.negated().into(),
        }
    }

    /// `self + other`.
    pub fn plus(&self, other: &Self, work: &mut Work<'_>) -> Result<Self, Stop> {
        match (self, other) {
            (x, zero) | (zero, x) if zero.is_zero() => Ok(x.clone()),

            (Self::Exact(a, unit), Self::Exact(b, same)) if unit == same => {
                if a.is_integer() || b.is_integer() {
                    work.spend(4 + (size(a) + size(b)) / 64)?;
                } else {
                    work.charge_exact(size(a) + size(b))?;
                }
                Ok(Self::multiple(sum(a, b), *unit))
            }
            _ => {
                let bits = work.bits;
                work.charge(1, bits)?;
                let (a, b) = (self.enclosed(work)?, other.enclosed(work)?);
                Ok(a.plus(&b, bits)?.into())
            }
        }
    }

    /// `self · other`.
    pub fn times(&self, other: &Self, work: &mut Work<'_>) -> Result<Self, Stop> {
        match (self, other) {
            (zero, _) | (_, zero) if zero.is_zero() => Ok(Self::integer(0)),
            (Self::Exact(a, unit), Self::Exact(b, by)) if product_unit(*unit, *by).is_some() => {
                let (unit, negative) = product_unit(*unit, *by).unwrap_or((Unit::One, false));
                if a.is_integer() && b.is_integer() {
                    work.spend(4 + size(a) / 64 * (size(b) / 64) / 8)?;
                } else {
                    work.charge_exact(size(a) + size(b))?;
                }
                let product = product(a, b);
                Ok(Self::multiple(if negative { -product } else { product }, unit))
            }
            _ => {
                let bits = work.bits;
                let (a, b) = (self.enclosed(work)?, other.enclosed(work)?);
                work.charge(if a.is_real() && b.is_real() { 1 } else { 5 }, bits)?;
                Ok(a.times(&b, bits)?.into())
            }
        }
    }

    /// `1 / self`: undefined for zero, undecided when zero may be in it.
    pub fn inverse(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        match self {
            Self::Exact(q, _) if q.is_zero() => Err(Stop::Undefined),
            Self::Exact(q, Unit::One) => Ok(Self::rational(inverse(q))),
            Self::Exact(q, Unit::I) => Ok(Self::multiple(-inverse(q), Unit::I)),
            _ => {
                let bits = work.bits;
                work.charge(4, bits)?;
                Ok(self.enclosure(work)?.inverse(bits)?.into())
            }
        }
    }

    /// `self^n` for an integer exponent; undefined for `0^0` and for negative powers of zero.
    pub fn power(&self, n: i64, limit: u64, work: &mut Work<'_>) -> Result<Self, Stop> {
        if n <= 0 && self.is_zero() {
            return Err(Stop::Undefined);
        }
        match (n, self) {
            (0, _) => return Ok(Self::integer(1)),
            (1, x) => return Ok(x.clone()),
            (-1, x) => return x.inverse(work),
            _ => {}
        }
        let count = n.unsigned_abs();
        let bits = work.bits;
        if let Self::Exact(q, unit @ (Unit::One | Unit::I)) = self {
            let length = size(q).saturating_sub(2).saturating_mul(count);
            if let (Ok(small), true) = (u32::try_from(count), length <= limit) {
                work.charge_exact(length)?;
                let raised = BigRational::new_raw(q.numer().pow(small), q.denom().pow(small));
                let (unit, negative) = match (unit, small % 4) {
                    (Unit::I, 1) => (Unit::I, false),
                    (Unit::I, 2) => (Unit::One, true),
                    (Unit::I, 3) => (Unit::I, true),
                    _ => (Unit::One, false),
                };
                let power = Self::multiple(if negative { -raised } else { raised }, unit);
                return if n < 0 { power.inverse(work) } else { Ok(power) };
            }
            if q.abs().is_one() && *unit == Unit::One {
                let negative = q.is_negative() && n % 2 != 0;
                return Ok(Self::integer(if negative { -1 } else { 1 }));
            }
        }
        let base = self.enclosed(work)?;
        let length = 64 - count.leading_zeros();
        work.charge(u64::from(length) * if base.is_real() { 2 } else { 10 } + 4, bits + 200)?;
        let power = base.power(count, bits)?;
        Ok(if n < 0 { power.inverse(bits)? } else { power }.into())
    }

    /// The exact n-th root of a rational number that is not negative, when there is one.
    pub(super) fn exact_root(q: &BigRational, n: u32) -> Option<BigRational> {
        let root = |x: &BigInt| {
            if x.bits() <= 1 {
                return Some(x.clone());
            }
            if u64::from(n) >= x.bits() {
                return None;
            }
            let root = if n == 2 { x.sqrt() } else { x.nth_root(n) };
            (root.pow(n) == *x).then_some(root)
        };
        if q.is_negative() || n == 0 {
            return None;
        }
        Some(BigRational::new_raw(root(q.numer())?, root(q.denom())?))
    }

    /// A `t` such that the value is between `2^-t` and `2^t` in magnitude, as far as that is
    /// certain: how many bits lie between it and one.
    pub(super) fn extent(&self) -> u64 {
        match self {
            Self::Exact(q, _) => q.numer().bits().abs_diff(q.denom().bits()) + 2,
            Self::Enclosed(z) => {
                let part = |x: &Real| {
                    let above = x.top().max(0).unsigned_abs();
                    let below = x.bottom().map_or(0, |bottom| bottom.min(0).unsigned_abs());
                    above.max(below + 1)
                };
                part(&z.re).max(part(&z.im))
            }
        }
    }
}

/// The unit of a product and whether its sign changes, when there is one.
fn product_unit(a: Unit, b: Unit) -> Option<(Unit, bool)> {
    Some(match (a, b) {
        (Unit::One, unit) | (unit, Unit::One) => (unit, false),
        (Unit::I, Unit::I) => (Unit::One, true),
        (Unit::I, Unit::Pi) | (Unit::Pi, Unit::I) => (Unit::IPi, false),
        (Unit::I, Unit::IPi) | (Unit::IPi, Unit::I) => (Unit::Pi, true),
        _ => return None,
    })
}

fn inverse(q: &BigRational) -> BigRational {
    if q.numer().sign() == Sign::Minus {
        BigRational::new_raw(-q.denom(), -q.numer())
    } else {
        BigRational::new_raw(q.denom().clone(), q.numer().clone())
    }
}
