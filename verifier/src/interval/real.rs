use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::Zero;

use super::Stop;
use super::float::{Float, RANGE, Round, ratio};

/// A closed interval that contains a real number.
#[derive(Clone, Debug)]
pub struct Real {
    /// The lower end.
    pub low: Float,
    /// The upper end.
    pub high: Float,
}

/// Where an interval lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// All of it is below zero.
    Negative,
    /// Zero is in it.
    MaybeZero,
    /// All of it is above zero.
    Positive,
}

impl Real {
    /// Exactly zero.
    pub fn zero() -> Self {
        Self::point(Float::zero())
    }

    /// Exactly one.
    pub fn one() -> Self {
        Self::point(Float::one())
    }

    /// One number.
    pub fn point(x: Float) -> Self {
        Self { low: x.clone(), high: x }
    }

    /// An exact integer.
    pub fn integer(n: impl Into<BigInt>) -> Self {
        Self::point(Float::from(n.into()))
    }

    /// `mantissa · 2^exponent`, give or take `error · 2^exponent`.
    pub(crate) fn around(
        mantissa: &BigInt,
        error: &BigInt,
        exponent: i64,
        bits: u32,
    ) -> Result<Self, Stop> {
        Ok(Self {
            low: Float::rounded(mantissa - error, exponent, bits, Round::Down)?,
            high: Float::rounded(mantissa + error, exponent, bits, Round::Up)?,
        })
    }

    /// The narrowest interval around `mantissa · 2^exponent`.
    fn enclosing(mantissa: BigInt, exponent: i64, bits: u32) -> Result<Self, Stop> {
        let low = Float::rounded(mantissa.clone(), exponent, bits, Round::Down)?;
        let excess = mantissa.bits().saturating_sub(u64::from(bits));
        let exact = mantissa.trailing_zeros().is_none_or(|zeros| zeros >= excess);
        if exact && exponent.abs() < RANGE / 2 {
            return Ok(Self::point(low));
        }
        Ok(Self { low, high: Float::rounded(mantissa, exponent, bits, Round::Up)? })
    }

    /// An interval around a fraction.
    ///
    /// # Errors
    /// When the numbers get too large, as in all operations here.
    pub fn rational(x: &BigRational, bits: u32) -> Result<Self, Stop> {
        let (mantissa, exponent) = ratio(x.numer(), x.denom(), bits)?;
        Self::enclosing(mantissa, exponent, bits)
    }

    /// Whether it is one number.
    pub fn is_point(&self) -> bool {
        self.low == self.high
    }

    /// Whether it is exactly zero.
    pub fn is_zero(&self) -> bool {
        self.low.is_zero() && self.high.is_zero()
    }

    /// Where it lies.
    pub fn side(&self) -> Side {
        if self.low.sign() == Sign::Plus {
            Side::Positive
        } else if self.high.sign() == Sign::Minus {
            Side::Negative
        } else {
            Side::MaybeZero
        }
    }

    /// Whether all of it is at least zero.
    pub fn is_nonnegative(&self) -> bool {
        self.low.sign() != Sign::Minus
    }

    /// Whether all of it is at most zero.
    pub fn is_nonpositive(&self) -> bool {
        self.high.sign() != Sign::Plus
    }

    /// Whether a fraction lies in it.
    pub fn contains(&self, x: &BigRational) -> bool {
        let below = |end: &Float| {
            let scaled = Float::from(x.denom().clone()).times(end, u32::MAX, Round::Down);
            scaled.map(|scaled| scaled.compare(&Float::from(x.numer().clone())))
        };
        matches!(below(&self.low), Ok(Ordering::Less | Ordering::Equal))
            && matches!(below(&self.high), Ok(Ordering::Greater | Ordering::Equal))
    }

    /// An upper bound of the distance of its ends.
    pub fn width(&self, bits: u32) -> Result<Float, Stop> {
        self.high.minus(&self.low, bits, Round::Up)
    }

    /// The `t` such that every number in it is less than `2^t` in magnitude.
    pub fn top(&self) -> i64 {
        self.low.top().max(self.high.top())
    }

    /// The `t` such that every number in it is at least `2^(t-1)` in magnitude, unless zero is in
    /// it.
    pub fn bottom(&self) -> Option<i64> {
        (self.side() != Side::MaybeZero).then(|| self.low.top().min(self.high.top()))
    }

    /// The smallest interval around both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        let low = if self.low.compare(&other.low) == Ordering::Greater { other } else { self };
        let high = if self.high.compare(&other.high) == Ordering::Less { other } else { self };
        Self { low: low.low.clone(), high: high.high.clone() }
    }

    /// From the lower end to an amount above the upper end.
    pub(crate) fn stretched(self, below: &Float, above: &Float, bits: u32) -> Result<Self, Stop> {
        Ok(Self {
            low: self.low.minus(below, bits, Round::Down)?,
            high: self.high.plus(above, bits, Round::Up)?,
        })
    }

    /// `-x`.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { low: self.high.negated(), high: self.low.negated() }
    }

    /// `|x|`.
    #[must_use]
    pub fn absolute(&self) -> Self {
        if self.is_nonnegative() {
            self.clone()
        } else if self.is_nonpositive() {
            self.negated()
        } else {
            Self { low: Float::zero(), high: self.negated().hull(self).high }
        }
    }

    /// `x · 2^by`.
    #[must_use]
    pub fn scaled(&self, by: i64) -> Self {
        Self { low: self.low.scaled(by), high: self.high.scaled(by) }
    }

    /// `self + other`.
    pub fn plus(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        if let (true, true, Some((mantissa, exponent))) =
            (self.is_point(), other.is_point(), self.low.sum(&other.low, bits))
        {
            return Self::enclosing(mantissa, exponent, bits);
        }
        Ok(Self {
            low: self.low.plus(&other.low, bits, Round::Down)?,
            high: self.high.plus(&other.high, bits, Round::Up)?,
        })
    }

    /// `self - other`.
    pub fn minus(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        self.plus(&other.negated(), bits)
    }

    /// `self · other`.
    pub fn times(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        if self.is_point() && other.is_point() {
            let (mantissa, exponent) = self.low.product(&other.low);
            return Self::enclosing(mantissa, exponent, bits);
        }
        let of = |a: &Float, b: &Float, c: &Float, d: &Float| -> Result<Self, Stop> {
            Ok(Self { low: a.times(b, bits, Round::Down)?, high: c.times(d, bits, Round::Up)? })
        };
        match (self.side(), other.side()) {
            (Side::Positive, Side::Positive) => of(&self.low, &other.low, &self.high, &other.high),
            (Side::Negative, Side::Negative) => of(&self.high, &other.high, &self.low, &other.low),
            (Side::Positive, Side::Negative) => of(&self.high, &other.low, &self.low, &other.high),
            (Side::Negative, Side::Positive) => of(&self.low, &other.high, &self.high, &other.low),
            _ => {
                if self.is_zero() || other.is_zero() {
                    return Ok(Self::zero());
                }
                let one = of(&self.low, &other.low, &self.low, &other.low)?;
                let two = of(&self.low, &other.high, &self.low, &other.high)?;
                let three = of(&self.high, &other.low, &self.high, &other.low)?;
                let four = of(&self.high, &other.high, &self.high, &other.high)?;
                Ok(one.hull(&two).hull(&three).hull(&four))
            }
        }
    }

    /// `1 / self`: undefined for zero, undecided when zero is in it.
    pub fn inverse(&self, bits: u32) -> Result<Self, Stop> {
        if self.is_zero() {
            return Err(Stop::Undefined);
        }
        if self.side() == Side::MaybeZero {
            return Err(Stop::Undecided);
        }
        Ok(Self {
            low: Float::one().over(&self.high, bits, Round::Down)?,
            high: Float::one().over(&self.low, bits, Round::Up)?,
        })
    }

    /// `self / other`, as [`Real::inverse`].
    pub fn over(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        self.times(&other.inverse(bits + 4)?, bits)
    }

    /// `self^2`.
    pub fn squared(&self, bits: u32) -> Result<Self, Stop> {
        let size = self.absolute();
        size.times(&size, bits)
    }

    /// `self^n`.
    pub fn power(&self, n: u64, bits: u32) -> Result<Self, Stop> {
        if n == 0 {
            return Ok(Self::one());
        }
        if self.is_zero() {
            return Ok(Self::zero());
        }
        let size = self.absolute();
        if n % 2 == 1 && self.side() == Side::MaybeZero {
            let low = Self::point(self.low.absolute()).power(n, bits)?.high.negated();
            return Ok(Self { low, high: Self::point(self.high.clone()).power(n, bits)?.high });
        }
        let exact = bits + 8 + 2 * (64 - n.leading_zeros());
        let mut result = size.clone();
        for place in (0..63 - n.leading_zeros()).rev() {
            result = result.times(&result, exact)?;
            if n >> place & 1 == 1 {
                result = result.times(&size, exact)?;
            }
        }
        if n % 2 == 1 && self.side() == Side::Negative {
            result = result.negated();
        }
        result.plus(&Self::zero(), bits)
    }

    /// The n-th root of an interval without negative numbers, for a small n.
    pub fn root(&self, n: u32, bits: u32) -> Result<Self, Stop> {
        let (mantissa, exponent) = self.low.root(n, bits)?;
        let low = Self::enclosing(mantissa, exponent, bits)?;
        if self.is_point() {
            return Ok(low);
        }
        let (mantissa, exponent) = self.high.root(n, bits)?;
        Ok(Self { low: low.low, high: Float::rounded(mantissa, exponent, bits, Round::Up)? })
    }

    /// The largest integer that is not above the number, when it is the same for all.
    pub fn floor(&self) -> Result<BigInt, Stop> {
        if self.top() > 1 << 14 {
            return Err(Stop::too_large());
        }
        let low = self.low.fixed(0);
        if low == self.high.fixed(0) { Ok(low) } else { Err(Stop::Undecided) }
    }

    /// The smallest integer that is not below the number, when it is the same for all.
    pub fn ceil(&self) -> Result<BigInt, Stop> {
        Ok(-self.negated().floor()?)
    }

    /// The integer that it is, when it is one number.
    pub fn as_integer(&self) -> Option<BigInt> {
        (self.top() <= 1 << 14 && self.is_point() && self.low.is_integer())
            .then(|| self.low.fixed(0))
    }

    /// The order of two numbers, when it is certain.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        if self.high.compare(&other.low) == Ordering::Less {
            Some(Ordering::Less)
        } else if self.low.compare(&other.high) == Ordering::Greater {
            Some(Ordering::Greater)
        } else {
            (self.is_point() && other.is_point()).then_some(Ordering::Equal)
        }
    }

    /// An interval around the larger (or smaller) of two numbers.
    #[must_use]
    pub fn extreme(&self, other: &Self, larger: bool) -> Self {
        let wanted = if larger { Ordering::Greater } else { Ordering::Less };
        let pick =
            |x: &Float, y: &Float| if x.compare(y) == wanted { x.clone() } else { y.clone() };
        Self { low: pick(&self.low, &other.low), high: pick(&self.high, &other.high) }
    }
}

impl From<BigInt> for Real {
    fn from(n: BigInt) -> Self {
        if n.is_zero() { Self::zero() } else { Self::integer(n) }
    }
}
