use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_rational::BigRational;
use num_traits::{Euclid, One, Zero};

use super::Stop;

/// Magnitudes stay between `2^-RANGE` and `2^RANGE`.
pub(crate) const RANGE: i64 = 1 << 20;

/// Which way a result that does not fit is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// To the next smaller number.
    Down,
    /// To the next larger number.
    Up,
}

/// `mantissa · 2^exponent`. Operations round to a number of significant bits in the given
/// direction; what gets too large is an error, what gets too small becomes zero or `2^-RANGE`.
#[derive(Clone, Debug)]
pub struct Float {
    mantissa: BigInt,
    exponent: i64,
}

impl From<BigInt> for Float {
    fn from(n: BigInt) -> Self {
        Self { mantissa: n, exponent: 0 }
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
    }
}

impl Float {
    /// Zero.
    pub fn zero() -> Self {
        Self { mantissa: BigInt::zero(), exponent: 0 }
    }

    /// One.
    pub fn one() -> Self {
        Self { mantissa: BigInt::one(), exponent: 0 }
    }

    /// The same number as a fraction; `None` when it is so large or small that this takes more than
    /// some thousand digits.
    pub fn to_rational(&self) -> Option<BigRational> {
        const MOST: u64 = 1 << 14;
        let size = self.exponent.unsigned_abs();
        if size > MOST {
            return None;
        }
        let power = BigInt::one() << size;
        Some(if self.exponent >= 0 {
            BigRational::from_integer(&self.mantissa * power)
        } else {
            BigRational::new(self.mantissa.clone(), power)
        })
    }

    /// `2^exponent`, for exponents within the range.
    pub(crate) fn power_of_two(exponent: i64) -> Self {
        Self { mantissa: BigInt::one(), exponent: exponent.clamp(-RANGE, RANGE) }
    }

    /// `mantissa · 2^exponent`, rounded.
    ///
    /// # Errors
    /// When it is too large.
    pub fn rounded(
        mantissa: BigInt,
        exponent: i64,
        bits: u32,
        towards: Round,
    ) -> Result<Self, Stop> {
        let length = mantissa.bits();
        if length == 0 {
            return Ok(Self::zero());
        }
        let excess = length.saturating_sub(u64::from(bits));
        let result = if excess == 0 {
            Self { mantissa, exponent }
        } else {
            let exact = mantissa.trailing_zeros().is_some_and(|zeros| zeros >= excess);
            let mut kept = mantissa >> excess;
            if towards == Round::Up && !exact {
                kept += 1;
            }
            Self { mantissa: kept, exponent: exponent.saturating_add_unsigned(excess) }
        };
        let top = result.top();
        if top > RANGE {
            Err(Stop::too_large())
        } else if top < -RANGE {
            Ok(match (result.sign(), towards) {
                (Sign::Plus, Round::Up) => Self::power_of_two(-RANGE),
                (Sign::Minus, Round::Down) => Self::power_of_two(-RANGE).negated(),
                _ => Self::zero(),
            })
        } else {
            Ok(result)
        }
    }

    /// The sign.
    pub fn sign(&self) -> Sign {
        self.mantissa.sign()
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    /// The `t` with `2^(t-1) <= |x| < 2^t`; the lowest of all for zero.
    pub fn top(&self) -> i64 {
        if self.is_zero() {
            return i64::MIN / 4;
        }
        self.exponent.saturating_add_unsigned(self.mantissa.bits())
    }

    /// `-x`.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { mantissa: -&self.mantissa, exponent: self.exponent }
    }

    /// `|x|`.
    #[must_use]
    pub fn absolute(&self) -> Self {
        if self.sign() == Sign::Minus { self.negated() } else { self.clone() }
    }

    /// `x · 2^by`, for an `x` whose magnitude stays within the range.
    #[must_use]
    pub fn scaled(&self, by: i64) -> Self {
        Self { mantissa: self.mantissa.clone(), exponent: self.exponent.saturating_add(by) }
    }

    /// The largest integer that is at most `x · 2^scale`.
    pub(crate) fn fixed(&self, scale: i64) -> BigInt {
        let shift = self.exponent.saturating_add(scale);
        if shift >= 0 { &self.mantissa << shift } else { &self.mantissa >> shift.unsigned_abs() }
    }

    /// Whether it is an integer.
    pub(crate) fn is_integer(&self) -> bool {
        self.exponent >= 0
            || self.mantissa.trailing_zeros().is_none_or(|z| z >= self.exponent.unsigned_abs())
    }

    /// The order of two numbers.
    pub fn compare(&self, other: &Self) -> Ordering {
        let by_sign = self.sign().cmp(&other.sign());
        if by_sign != Ordering::Equal || self.is_zero() {
            return by_sign;
        }
        let tops = self.top().cmp(&other.top());
        if tops != Ordering::Equal {
            return if self.sign() == Sign::Minus { tops.reverse() } else { tops };
        }
        match self.exponent.cmp(&other.exponent) {
            Ordering::Equal => self.mantissa.cmp(&other.mantissa),
            Ordering::Greater => {
                (&self.mantissa << (self.exponent - other.exponent)).cmp(&other.mantissa)
            }
            Ordering::Less => {
                self.mantissa.cmp(&(&other.mantissa << (other.exponent - self.exponent)))
            }
        }
    }

    /// `self + other`.
    ///
    /// # Errors
    /// When it is too large, as in the operations below.
    pub fn plus(&self, other: &Self, bits: u32, towards: Round) -> Result<Self, Stop> {
        if self.is_zero() || other.is_zero() {
            let sum = if self.is_zero() { other } else { self };
            return Self::rounded(sum.mantissa.clone(), sum.exponent, bits, towards);
        }
        let (large, small) = if self.top() >= other.top() { (self, other) } else { (other, self) };
        let cut = large.exponent.min(large.top() - i64::from(bits) - 2);
        if small.top() <= cut {
            // The small one is less than one unit at `cut`, below the last bit that is kept: half
            // a unit of its sign rounds the same way.
            let mut sum = &large.mantissa << (large.exponent - cut + 1);
            if small.sign() == Sign::Minus {
                sum -= 1;
            } else {
                sum += 1;
            }
            return Self::rounded(sum, cut - 1, bits, towards);
        }
        let difference = large.exponent - small.exponent;
        let (sum, exponent) = match difference.cmp(&0) {
            Ordering::Equal => (&large.mantissa + &small.mantissa, small.exponent),
            Ordering::Greater => {
                ((&large.mantissa << difference) + &small.mantissa, small.exponent)
            }
            Ordering::Less => ((&small.mantissa << -difference) + &large.mantissa, large.exponent),
        };
        Self::rounded(sum, exponent, bits, towards)
    }

    /// `self - other`.
    pub fn minus(&self, other: &Self, bits: u32, towards: Round) -> Result<Self, Stop> {
        self.plus(&other.negated(), bits, towards)
    }

    /// `self · other`.
    pub fn times(&self, other: &Self, bits: u32, towards: Round) -> Result<Self, Stop> {
        let exponent = self.exponent.saturating_add(other.exponent);
        Self::rounded(&self.mantissa * &other.mantissa, exponent, bits, towards)
    }

    /// `numerator / denominator`; the latter is not zero.
    pub fn ratio(
        numerator: &BigInt,
        denominator: &BigInt,
        bits: u32,
        towards: Round,
    ) -> Result<Self, Stop> {
        let (quotient, exponent) = ratio(numerator, denominator, bits)?;
        Self::rounded(quotient, exponent, bits, towards)
    }

    /// `self / other`; undefined for zero.
    pub fn over(&self, other: &Self, bits: u32, towards: Round) -> Result<Self, Stop> {
        let (quotient, exponent) = ratio(&self.mantissa, &other.mantissa, bits)?;
        let exponent = exponent + self.exponent - other.exponent;
        Self::rounded(quotient, exponent, bits, towards)
    }

    /// A mantissa and exponent that round as the n-th root does, for a number that is not negative
    /// and a small n: the last bit says whether something was left over.
    pub(crate) fn root(&self, n: u32, bits: u32) -> Result<(BigInt, i64), Stop> {
        if self.sign() == Sign::Minus || n == 0 {
            return Err(Stop::Undefined);
        }
        if self.is_zero() {
            return Ok((BigInt::zero(), 0));
        }
        let degree = i64::from(n);
        let wanted = degree * (i64::from(bits) + 2);
        let missing = (wanted - self.mantissa.bits() as i64).max(0);
        let shift = missing + (self.exponent - missing).rem_euclid(degree);
        let radicand: BigUint = self.mantissa.magnitude() << shift;
        let root = if n == 2 { radicand.sqrt() } else { radicand.nth_root(n) };
        let exact = root.pow(n) == radicand;
        let mantissa: BigInt = (BigInt::from(root) << 1) + i32::from(!exact);
        Ok((mantissa, (self.exponent - shift) / degree - 1))
    }

    /// The exact sum, as a mantissa and exponent, unless it is much longer than so many bits.
    pub(crate) fn sum(&self, other: &Self, bits: u32) -> Option<(BigInt, i64)> {
        let (high, low) =
            if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        if high.is_zero() {
            return Some((low.mantissa.clone(), low.exponent));
        }
        let shift = high.exponent - low.exponent;
        (shift <= i64::from(bits))
            .then(|| ((&high.mantissa << shift) + &low.mantissa, low.exponent))
    }

    /// The exact product, as a mantissa and exponent.
    pub(crate) fn product(&self, other: &Self) -> (BigInt, i64) {
        (&self.mantissa * &other.mantissa, self.exponent.saturating_add(other.exponent))
    }
}

/// A mantissa and exponent that round as the quotient does: its last bit says whether something
/// was left over.
pub(crate) fn ratio(
    numerator: &BigInt,
    denominator: &BigInt,
    bits: u32,
) -> Result<(BigInt, i64), Stop> {
    if denominator.is_zero() {
        return Err(Stop::Undefined);
    }
    let zeros = denominator.trailing_zeros().unwrap_or(0);
    if denominator.sign() == Sign::Plus && zeros + 1 == denominator.bits() {
        return Ok((numerator.clone(), 0i64.saturating_sub_unsigned(zeros)));
    }
    let wanted = i64::from(bits) + 2 + denominator.bits() as i64;
    let shift = (wanted - numerator.bits() as i64).max(0);
    let scaled: BigUint = numerator.magnitude() << shift;
    let (quotient, rest) = scaled.div_rem_euclid(denominator.magnitude());
    let mantissa: BigInt = (BigInt::from(quotient) << 1) + i32::from(!rest.is_zero());
    let negative = (numerator.sign() == Sign::Minus) != (denominator.sign() == Sign::Minus);
    Ok((if negative { -mantissa } else { mantissa }, -shift - 1))
}
