//! Sine, cosine and arctangent of real intervals, in integers as in the module of the exponential
//! function.

use num_bigint::{BigInt, Sign};
use num_traits::{Euclid, ToPrimitive, Zero};

use super::constant;
use super::exponential::{GUARD, ROUGH, nearest_quotient, odd_series, rough_odd_series};
use super::float::{Float, Round};
use super::real::{Real, Side};
use super::{Stop, Work};

/// Arguments up to `2^MAX_TURNS` are reduced by multiples of π.
const MAX_TURNS: i64 = 4096;

/// π.
pub fn pi(bits: u32) -> Result<Real, Stop> {
    let scale = i64::from(bits) + 4;
    Real::around(&constant::pi(scale)?, &BigInt::from(2), -scale, bits)
}

/// Sine and cosine.
pub fn sin_cos(x: &Real, work: &mut Work<'_>) -> Result<(Real, Real), Stop> {
    let bits = work.bits;
    let (sin, cos) = sin_cos_at(&x.low, work)?;
    if x.is_point() {
        return Ok((sin, cos));
    }
    let width = x.width(bits)?;
    if width.top() > 0 {
        let all = Real { low: Float::one().negated(), high: Float::one() };
        return Ok((all.clone(), all));
    }
    // Neither changes faster than its argument.
    Ok((sin.stretched(&width, &width, bits)?, cos.stretched(&width, &width, bits)?))
}

/// Arctangent.
pub fn atan(x: &Real, work: &mut Work<'_>) -> Result<Real, Stop> {
    let bits = work.bits;
    let low = atan_at(&x.low, work)?;
    if x.is_point() {
        return Ok(low);
    }
    // Its slope is 1 / (1 + x²).
    let nearest = match x.side() {
        Side::Positive => x.low.clone(),
        Side::Negative => x.high.clone(),
        Side::MaybeZero => Float::zero(),
    };
    let square = nearest.times(&nearest, bits, Round::Down)?;
    let divisor = square.plus(&Float::one(), bits, Round::Down)?;
    let above = x.width(bits)?.over(&divisor, bits, Round::Up)?;
    low.stretched(&Float::zero(), &above, bits)
}

/// `x - x³ <= f(x) <= x` for a positive x, mirrored for a negative one.
fn near_zero(x: &Float, bits: u32) -> Result<Real, Stop> {
    let size = x.absolute();
    let cube = size.times(&size, bits, Round::Up)?.times(&size, bits, Round::Up)?;
    let low = size.minus(&cube, bits, Round::Down)?;
    let result = Real { low, high: size.plus(&Float::zero(), bits, Round::Up)? };
    Ok(if x.sign() == Sign::Minus { result.negated() } else { result })
}

fn sin_cos_at(x: &Float, work: &mut Work<'_>) -> Result<(Real, Real), Stop> {
    let bits = work.bits;
    let top = x.top();
    if x.is_zero() {
        return Ok((Real::zero(), Real::one()));
    }
    if top > MAX_TURNS {
        return Err(Stop::too_large());
    }
    if -top > i64::from(bits) / 2 + 4 {
        // 1 - x² <= cos x <= 1.
        let square = x.times(x, bits, Round::Up)?;
        let cos = Real::one().stretched(&square, &Float::zero(), bits)?;
        return Ok((near_zero(x, bits)?, cos));
    }
    let triplings = i64::from(bits.isqrt()) / 4;
    let scale = i64::from(bits) + GUARD + 2 * triplings + top.abs();
    work.charge(u64::from(bits.isqrt()) * 2 + 20, scale as u32)?;
    // x = k π/2 + r with |r| < 0.79.
    let mut r = x.fixed(scale);
    let mut k = BigInt::zero();
    if top >= 0 {
        let quarter = constant::pi(scale)? >> 1;
        k = nearest_quotient(&r, &quarter);
        r -= quarter * &k;
    }
    let r_error = BigInt::from((k.magnitude() << 1u32) + 1u32);
    // Sine of r / 3^triplings by Taylor: a term is wrong by less than four units, and those left
    // out are less than four units together.
    let mut y = r / BigInt::from(3).pow(triplings as u32);
    let square: BigInt = (&y * &y) >> scale;
    let mut term = y.clone();
    let mut n = 2u32;
    while term.bits() > 1 {
        term = -((term * &square) >> scale) / (n * (n + 1));
        y += &term;
        n += 2;
    }
    // sin 3t = 3 sin t - 4 sin³ t: the slope is at most 3 below 0.71, the products add less than
    // sixteen units, so that an error e above 16 becomes less than 4e. The error of r is divided
    // by 3^triplings before it grows like that.
    let error = ((BigInt::from(2 * n + 24)) << (2 * triplings)) + &r_error * 2;
    let error = if triplings == 0 { error } else { error + (r_error << triplings) };
    for _ in 0..triplings {
        let cube = (((&y * &y) >> scale) * &y) >> scale;
        y = y * 3 - cube * 4;
    }
    // cos² = 1 - sin²: the slope is at most one, as |r| is below π/4 by all but a few units.
    let square = (BigInt::from(1) << (2 * scale)) - &y * &y;
    let cos = BigInt::from(square.magnitude().sqrt());
    let cos_error = &error * 2 + 4;
    let sin = Real::around(&y, &error, -scale, bits)?;
    let cos = Real::around(&cos, &cos_error, -scale, bits)?;
    Ok(match k.rem_euclid(&BigInt::from(4)).to_u8() {
        Some(1) => (cos, sin.negated()),
        Some(2) => (sin.negated(), cos.negated()),
        Some(3) => (cos.negated(), sin),
        _ => (sin, cos),
    })
}

fn atan_at(x: &Float, work: &mut Work<'_>) -> Result<Real, Stop> {
    let bits = work.bits;
    let top = x.top();
    if x.is_zero() {
        return Ok(Real::zero());
    }
    if x.sign() == Sign::Minus {
        return Ok(atan_at(&x.absolute(), work)?.negated());
    }
    if -top > i64::from(bits) / 2 + 4 {
        return near_zero(x, bits);
    }
    let scale = i64::from(bits) + GUARD + (-top).max(0);
    if top > scale {
        // π/2 - 1/x <= arctan x <= π/2.
        let quarter = pi(bits)?.scaled(-1);
        return quarter.stretched(&Float::power_of_two(1 - top), &Float::zero(), bits);
    }
    // arctan x = π/2 - arctan(1/x) above 1.
    let inverted = top > 0;
    let t =
        if inverted { (BigInt::from(1) << (2 * scale)) / x.fixed(scale) } else { x.fixed(scale) };
    // arctan t = y + arctan((t cos y - sin y) / (cos y + t sin y)) for some y near it.
    let (y, rest) = if t.bits() as i64 <= scale - 20 {
        (BigInt::zero(), t)
    } else {
        let y = rough_atan(&t, scale);
        let point = Float::from(BigInt::from(y)).scaled(-ROUGH);
        let (sin, cos) = sin_cos_at(&point, &mut work.at(scale as u32 + 4))?;
        let (sin, cos) = (sin.low.fixed(scale), cos.low.fixed(scale));
        let numerator = ((&t * &cos) >> scale) - &sin;
        let denominator = cos + ((&t * &sin) >> scale);
        (BigInt::from(y) << (scale - ROUGH), (numerator << scale) / denominator)
    };
    let (sum, terms) = odd_series(&rest, scale, true);
    work.charge(u64::from(terms) + 6, scale as u32)?;
    // t, sin y and cos y are wrong by less than three units, numerator and denominator by less
    // than eight; the denominator is at least 0.7 and the quotient small, hence sixteen.
    let mut total = y + sum;
    let mut error = 16 + 4 * u64::from(terms);
    if inverted {
        total = (constant::pi(scale)? >> 1) - total;
        error += 3;
    }
    Real::around(&total, &BigInt::from(error), -scale, bits)
}

/// `arctan(t / 2^scale) · 2^ROUGH` for a t up to one, to about fifty bits.
fn rough_atan(t: &BigInt, scale: i64) -> i64 {
    let one = 1i128 << ROUGH;
    let shifted: BigInt = if scale > ROUGH { t >> (scale - ROUGH) } else { t << (ROUGH - scale) };
    let mut t = shifted.to_i128().unwrap_or(0).clamp(0, one);
    // arctan t = 2 arctan(t / (1 + √(1 + t²))), twice.
    for _ in 0..2 {
        let root = (one * one + t * t).isqrt();
        t = (t << ROUGH) / (one + root);
    }
    i64::try_from(4 * rough_odd_series(t, true)).unwrap_or(0)
}
