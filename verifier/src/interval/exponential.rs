//! The exponential function and the natural logarithm of real intervals.
//!
//! All is done in integers that stand for `n / 2^w`, with `w` some bits more than wanted; "a unit"
//! is `2^-w`. A product of two such numbers is cut to the next lower unit, which is wrong by less
//! than one.

use std::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_traits::Zero;

use super::constant::ln_2;
use super::float::{Float, RANGE, Round};
use super::real::{Real, Side};
use super::{Stop, Work};

/// Bits beyond the wanted ones that take up errors of up to `2^20` units.
pub(super) const GUARD: i64 = 24;

/// `e^x`.
pub fn exp(x: &Real, work: &mut Work<'_>) -> Result<Real, Stop> {
    let bits = work.bits;
    let low = exp_at(&x.low, work)?;
    if x.is_point() {
        return Ok(low);
    }
    let width = x.width(bits)?;
    if width.top() > 0 {
        return Ok(low.hull(&exp_at(&x.high, work)?));
    }
    // e^(low + d) <= e^low · (1 + d + d²) for d <= 1.
    let growth = width.plus(&width.times(&width, bits, Round::Up)?, bits, Round::Up)?;
    let above = low.high.times(&growth, bits, Round::Up)?;
    low.stretched(&Float::zero(), &above, bits)
}

/// `ln x` of a positive x: undefined for zero and undecided when zero is in it. Negative numbers
/// are for the complex logarithm.
pub fn ln(x: &Real, work: &mut Work<'_>) -> Result<Real, Stop> {
    let bits = work.bits;
    if x.is_zero() {
        return Err(Stop::Undefined);
    }
    if x.side() != Side::Positive {
        return Err(Stop::Undecided);
    }
    let low = ln_at(&x.low, work)?;
    if x.is_point() {
        return Ok(low);
    }
    let width = x.width(bits)?;
    if width.compare(&x.low) == Ordering::Greater {
        return Ok(low.hull(&ln_at(&x.high, work)?));
    }
    // ln(low + d) <= ln low + d / low.
    let above = width.over(&x.low, bits, Round::Up)?;
    low.stretched(&Float::zero(), &above, bits)
}

fn exp_at(x: &Float, work: &mut Work<'_>) -> Result<Real, Stop> {
    let bits = work.bits;
    let top = x.top();
    if x.is_zero() {
        return Ok(Real::one());
    }
    if top > 21 {
        return if x.sign() == Sign::Minus {
            Ok(Real { low: Float::zero(), high: Float::power_of_two(-RANGE) })
        } else {
            Err(Stop::too_large())
        };
    }
    if top < -i64::from(bits) {
        // 1 - 2|x| < e^x < 1 + 2|x| for |x| < 1/2, and on x's side of 1.
        let step = Float::power_of_two(top + 1);
        let none = Float::zero();
        let (below, above) = if x.sign() == Sign::Minus { (step, none) } else { (none, step) };
        return Real::one().stretched(&below, &above, bits);
    }
    let halvings = i64::from(bits.isqrt()) * 3 / 4;
    let scale = i64::from(bits) + GUARD + 2 * halvings + top.max(0);
    work.charge(u64::from(bits.isqrt()) * 2 + 16, scale as u32)?;
    // x = k ln 2 + r with |r| < 0.36: k needs only the leading digits.
    let k = if top < -2 { BigInt::zero() } else { nearest_quotient(&x.fixed(40), &ln_2(40)?) };
    let mut r = x.fixed(scale);
    if !k.is_zero() {
        r -= ln_2(scale)? * &k;
    }
    let r_error = (k.magnitude() << 1u32) + 1u32;
    r >>= halvings;
    // Taylor: a term is wrong by at most half the error of the one before and two units more, so
    // by less than four; those left out are less than four units together. An error of r counts
    // less than twice.
    let mut term = BigInt::from(1) << scale;
    let mut sum = term.clone();
    let mut n = 1u32;
    while term.bits() > 1 {
        term = ((term * &r) >> scale) / n;
        sum += &term;
        n += 1;
    }
    let error = BigInt::from((r_error >> halvings) + 2u32) * 2 + 4 * n + 8;
    // All values to be squared are below 1.5, so that an error e becomes less than 3e + 2 <= 4e.
    for _ in 0..halvings {
        sum = (&sum * &sum) >> scale;
    }
    let k = i64::try_from(k).map_err(|_| Stop::too_large())?;
    Real::around(&sum, &(error << (2 * halvings)), k - scale, bits)
}

/// The nearest integer to a quotient, or one of the two next to it.
pub(super) fn nearest_quotient(a: &BigInt, b: &BigInt) -> BigInt {
    let half: BigInt = b >> 1;
    if a.sign() == Sign::Minus { (a - half) / b } else { (a + half) / b }
}

fn ln_at(x: &Float, work: &mut Work<'_>) -> Result<Real, Stop> {
    let bits = work.bits;
    // x = f · 2^e with f between 0.7 and 1.5.
    let mut e = x.top();
    let mut f = x.scaled(-e);
    if f.fixed(8) < BigInt::from(182) {
        e -= 1;
        f = f.scaled(1);
    }
    let above_one = f.minus(&Float::one(), u32::MAX, Round::Down)?;
    if above_one.is_zero() {
        if e == 0 {
            return Ok(Real::zero());
        }
        let scale = i64::from(bits) + GUARD;
        return Real::around(&(ln_2(scale)? * e), &BigInt::from(2 * e.abs()), -scale, bits);
    }
    let nearness = (-above_one.top()).max(0);
    if e == 0 && nearness > i64::from(bits) + 8 {
        // d - d² <= ln(1 + d) <= d for |d| <= 1/2.
        let square = above_one.times(&above_one, bits, Round::Up)?;
        let low = above_one.minus(&square, bits, Round::Down)?;
        let high = above_one.plus(&Float::zero(), bits, Round::Up)?;
        return Ok(Real { low, high });
    }
    let scale = i64::from(bits) + GUARD + if e == 0 { nearness } else { 0 };
    let one = BigInt::from(1) << scale;
    // ln f = y + 2 artanh((g - 1) / (g + 1)) with g = f e^-y, for some y near ln f.
    let (y, g, g_error) = if nearness > 24 {
        (BigInt::zero(), f.fixed(scale), 1)
    } else {
        let y = rough_ln(&f);
        let minus_y = Float::from(BigInt::from(-y)).scaled(-ROUGH);
        let inverse = exp_at(&minus_y, &mut work.at(scale as u32 + 4))?;
        // Both factors are below 1.5 and wrong by less than two units.
        let g = (f.fixed(scale) * inverse.low.fixed(scale)) >> scale;
        (BigInt::from(y) << (scale - ROUGH), g, 8)
    };
    let u = ((&g - &one) << scale) / (&g + &one);
    let (sum, terms) = odd_series(&u, scale, false);
    work.charge(u64::from(terms) + 4, scale as u32)?;
    // A quotient's error is less than that of g; a term of the series is wrong by less than four.
    let error = 2 * (g_error + 2 + 4 * i64::from(terms)) + 2 * e.abs() + 2;
    let mut total = y + sum * 2;
    if e != 0 {
        total += ln_2(scale)? * e;
    }
    Real::around(&total, &BigInt::from(error), -scale, bits)
}

/// `Σ (±1)^k u^(2k+1) / (2k+1)` for `|u| < 1/2`, with the number of terms: artanh, or arctan when
/// the signs alternate. What is left out is less than a term's error.
pub(super) fn odd_series(u: &BigInt, scale: i64, alternating: bool) -> (BigInt, u32) {
    let mut square = (u * u) >> scale;
    if alternating {
        square = -square;
    }
    let mut power = u.clone();
    let mut sum = u.clone();
    let mut odd = 3u32;
    while power.bits() > 1 {
        power = (power * &square) >> scale;
        sum += &power / odd;
        odd += 2;
    }
    (sum, odd / 2 + 1)
}

/// The scale of first guesses.
pub(super) const ROUGH: i64 = 56;

/// `ln f · 2^ROUGH` for an f between 0.7 and 1.5, to about fifty bits; nothing depends on how many.
fn rough_ln(f: &Float) -> i64 {
    let f = i128::try_from(f.fixed(ROUGH)).unwrap_or(1 << ROUGH);
    let u = ((f - (1 << ROUGH)) << ROUGH) / (f + (1 << ROUGH));
    i64::try_from(2 * rough_odd_series(u, false)).unwrap_or(0)
}

/// [`odd_series`] in machine integers.
pub(super) fn rough_odd_series(u: i128, alternating: bool) -> i128 {
    let square = (u * u) >> ROUGH;
    let (mut power, mut sum, mut odd) = (u, u, 3);
    while power.abs() > 1 && odd < 100 {
        power = (power * square) >> ROUGH;
        sum += if alternating && odd % 4 == 3 { -power / odd } else { power / odd };
        odd += 2;
    }
    sum
}
