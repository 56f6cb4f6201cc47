//! Numerals: digits with separators, a point, an exponent, a recurring part.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, Zero};

use super::Stop;
use super::token::Kind;
use crate::budget::OverBudget;
use crate::value::{Expr, Literal};

/// How many digits a numeral may have.
const MAX_DIGITS: usize = 20_000;
/// How large the exponent of ten may be.
const MAX_EXPONENT: i64 = 5_000;

/// A numeral with what its digits promise.
pub(super) fn read(text: &str) -> Result<(BigRational, Literal), Stop> {
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (mut written, mut decimals, mut point) = (String::new(), 0i64, false);
    for c in mantissa.chars() {
        match c {
            '.' => point = true,
            c if c.is_ascii_digit() => {
                written.push(c);
                decimals += i64::from(point);
            }
            // Separators of thousands.
            _ => {}
        }
    }
    if written.len() > MAX_DIGITS {
        return Err(too_long());
    }
    let power: i64 = match exponent {
        // Too long to fit is larger than any bound.
        Some(digits) => digits.parse().unwrap_or(i64::MAX),
        None => 0,
    };
    let scale = power.saturating_sub(decimals);
    if scale.abs() > MAX_EXPONENT && !written.bytes().all(|b| b == b'0') {
        return Err(too_long());
    }
    let digits = written.trim_start_matches('0');
    let decimal = point || exponent.is_some();
    let trailing = if decimal { 0 } else { digits.len() - digits.trim_end_matches('0').len() };
    let literal = Literal {
        significant: u32::try_from(digits.len() - trailing).unwrap_or(u32::MAX),
        last_place: i32::try_from(scale).unwrap_or(i32::MAX)
            + i32::try_from(trailing).unwrap_or(i32::MAX),
        decimal,
    };
    Ok((scaled(integer(digits), scale), literal))
}

/// `before` followed by `block` again and again: `0.1` and `6` are 1/6.
pub(super) fn recurring(before: &str, block: &str) -> Result<BigRational, Stop> {
    let (start, _) = read(before)?;
    let places = before.find('.').map_or(0, |point| before.len() - point - 1);
    if block.len() + places > MAX_EXPONENT as usize / 2 {
        return Err(too_long());
    }
    let nines = BigInt::from(10).pow(block.len()) - BigInt::one();
    let tail = BigRational::new(integer(block.trim_start_matches('0')), nines);
    Ok(start + tail / BigRational::from_integer(BigInt::from(10).pow(places)))
}

/// The repeated block at the end of the decimals of a numeral before an ellipsis, with what comes
/// before it: one digit at least three times, or a longer block at least twice.
pub(super) fn repeated(numeral: &str) -> Option<(&str, &str)> {
    let decimals = &numeral[numeral.find('.')? + 1..];
    let bytes = decimals.as_bytes();
    for length in 1..=bytes.len().min(24) / 2 {
        let block = &bytes[bytes.len() - length..];
        let times = bytes.rchunks(length).take_while(|chunk| *chunk == block).count();
        if times >= if length == 1 { 3 } else { 2 } {
            let before = numeral.len() - times * length;
            return Some((&numeral[..before], &numeral[numeral.len() - length..]));
        }
    }
    None
}

fn integer(digits: &str) -> BigInt {
    if digits.len() <= 18 {
        return digits.parse::<u64>().unwrap_or(0).into();
    }
    BigInt::parse_bytes(digits.as_bytes(), 10).unwrap_or_default()
}

fn scaled(mantissa: BigInt, scale: i64) -> BigRational {
    if mantissa.is_zero() || scale == 0 {
        return BigRational::from_integer(mantissa);
    }
    let ten = BigInt::from(10).pow(scale.unsigned_abs());
    if scale > 0 {
        BigRational::from_integer(mantissa * ten)
    } else {
        BigRational::new(mantissa, ten)
    }
}

fn too_long() -> Stop {
    Stop::OverBudget(OverBudget::new(
        "digits",
        format!("the answer has a numeral of more than {MAX_DIGITS} digits or 10^{MAX_EXPONENT}"),
    ))
}

/// A whole number and a proper fraction, all of digits.
pub(super) fn mixed(whole: Kind, above: Kind, below: Kind) -> Option<Expr> {
    let number = |kind: Kind| match kind {
        Kind::Numeral(text) if text.bytes().all(|b| b.is_ascii_digit()) => {
            read(text).ok().map(|(value, _)| value)
        }
        _ => None,
    };
    let (whole, above, below) = (number(whole)?, number(above)?, number(below)?);
    (above.is_positive() && above < below).then(|| Expr::Number(whole + above / below))
}

/// Digits and letters in a base from 2 to 36; `None` when a digit is not of the base.
pub(super) fn in_base(digits: &str, base: u32) -> Option<BigRational> {
    const MOST: usize = 256;
    let valid = digits.len() <= MOST && digits.chars().all(|c| c.is_digit(base));
    if !valid {
        return None;
    }
    BigInt::parse_bytes(digits.to_ascii_lowercase().as_bytes(), base).map(BigRational::from_integer)
}
