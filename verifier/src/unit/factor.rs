//! Exact factors between units.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Pow};

/// How many base units of the SI a unit is: a rational number times a power of pi.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// The rational part.
    pub rational: BigRational,
    /// The power of pi: 1 for degrees.
    pub pi_power: i8,
}

impl Factor {
    /// The factor of a base unit.
    pub(super) fn one() -> Self {
        Self::of(BigRational::one())
    }

    /// A factor without pi.
    pub(super) fn of(rational: BigRational) -> Self {
        Self { rational, pi_power: 0 }
    }

    /// Multiplies by a power of another factor; `None` when the power of pi grows out of bounds.
    pub(super) fn multiply(&mut self, other: &Self, power: i8) -> Option<()> {
        self.pi_power = self.pi_power.checked_add(other.pi_power.checked_mul(power)?)?;
        // Greatest common divisors are what costs here.
        if !other.rational.is_one() {
            let raised = if power == 1 {
                other.rational.clone()
            } else {
                Pow::pow(&other.rational, i32::from(power))
            };
            self.rational = if self.rational.is_one() { raised } else { &self.rational * raised };
        }
        Some(())
    }
}

/// A number by its shortest decimal spelling: what was written in the source for it.
pub(super) fn shortest(number: f64) -> Option<BigRational> {
    decimal(&format!("{number:e}"))
}

/// `0.0254`, `-4`, `1.602e-19`.
pub(super) fn decimal(text: &str) -> Option<BigRational> {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let number: BigInt = format!("{whole}{part}").parse().ok()?;
    let places = i32::try_from(part.len()).ok()?;
    let exponent = exponent.parse::<i32>().ok()?.checked_sub(places)?;
    Some(BigRational::from(number) * power_of_ten(exponent))
}

/// Decimals multiplied, and divided by those after a slash: `101325 / 760`.
pub(super) fn product(text: &str) -> Option<BigRational> {
    let multiplied = |text: &str| {
        text.split_whitespace()
            .try_fold(BigRational::one(), |product, factor| Some(product * decimal(factor)?))
    };
    match text.split_once('/') {
        Some((above, below)) => Some(multiplied(above)? / multiplied(below)?),
        None => multiplied(text),
    }
}

/// Ten to a small power.
pub(super) fn power_of_ten(exponent: i32) -> BigRational {
    Pow::pow(&BigRational::from(BigInt::from(10)), exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(above: i64, below: i64) -> BigRational {
        BigRational::new(above.into(), below.into())
    }

    #[test]
    fn decimals_are_read_exactly() {
        for (text, number) in [
            ("0.3048", ratio(381, 1250)),
            ("3.048e-1", ratio(381, 1250)),
            ("1e3", ratio(1000, 1)),
            ("-4", ratio(-4, 1)),
        ] {
            assert_eq!(decimal(text), Some(number), "{text}");
        }
        assert_eq!(shortest(0.3048), Some(ratio(381, 1250)));
        assert_eq!(product("5 2 / 4 0.5"), Some(ratio(5, 1)));
        for text in ["", "x", "1e", "1e99999999999"] {
            assert_eq!(decimal(text), None, "{text}");
        }
    }
}
