//! Decimal numbers, read exactly.

use std::fmt;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Pow, Zero};
use serde::de::{DeserializeSeed, Deserializer, Error, Unexpected, Visitor};

/// The longest decimal, in bytes.
const MAX_TEXT: usize = 100;
/// The largest power of ten.
const MAX_POWER: u32 = 100;
/// Digits that survive a way through binary floating point.
const FLOAT_DIGITS: usize = 15;

/// `12`, `0.05`, `.5` or `1e-3`, not negative; `None` for anything else.
pub(super) fn read(text: &str) -> Option<BigRational> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let (mantissa, power) = match text.split_once(['e', 'E']) {
        Some((mantissa, power)) => {
            let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
            if !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            (mantissa, power.parse::<i32>().ok()?)
        }
        None => (text, 0),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{part}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let power = power.checked_sub(i32::try_from(part.len()).ok()?)?;
    if power.unsigned_abs() > MAX_POWER {
        return None;
    }
    let number = BigRational::from_integer(digits.parse::<BigInt>().ok()?);
    let scale = BigRational::from_integer(Pow::pow(BigInt::from(10), power.unsigned_abs()));
    Some(if power < 0 { number / scale } else { number * scale })
}

/// A decimal as a JSON number or a string.
pub(super) struct Decimal(pub &'static str);

impl<'de> DeserializeSeed<'de> for Decimal {
    type Value = BigRational;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<BigRational, D::Error> {
        source.deserialize_any(self)
    }
}

impl Visitor<'_> for Decimal {
    type Value = BigRational;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` to be a decimal number that is not negative, such as \"0.01\"", self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<BigRational, E> {
        read(text)
            .ok_or_else(|| E::invalid_value(Unexpected::Str(&crate::answer::clip(text, 80)), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<BigRational, E> {
        Ok(BigRational::from_integer(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<BigRational, E> {
        u64::try_from(number)
            .map(|number| BigRational::from_integer(number.into()))
            .map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<BigRational, E> {
        // JSON numbers come as binary floating point. The shortest decimal that gives it is the one
        // that was written, as long as it has few digits.
        let written = format!("{number:e}");
        let mantissa = written.split('e').next().unwrap_or_default();
        if mantissa.bytes().filter(u8::is_ascii_digit).count() > FLOAT_DIGITS {
            return Err(E::custom(format_args!(
                "`{}` has more than {FLOAT_DIGITS} digits; write it as a string to have it read \
                 exactly",
                self.0
            )));
        }
        match read(&written) {
            Some(number) => Ok(number),
            None if number == 0.0 => Ok(BigRational::zero()),
            None => Err(E::invalid_value(Unexpected::Float(number), &self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> BigRational {
        BigRational::new(numerator.into(), denominator.into())
    }

    #[test]
    fn decimals() {
        for (text, value) in [
            ("0", ratio(0, 1)),
            ("12", ratio(12, 1)),
            ("0.01", ratio(1, 100)),
            (".5", ratio(1, 2)),
            ("5.", ratio(5, 1)),
            ("1e-3", ratio(1, 1000)),
            ("2.5E+2", ratio(250, 1)),
            (
                "0.10000000000000000001",
                ratio(1, 10) + BigRational::new(1.into(), Pow::pow(BigInt::from(10), 20u32)),
            ),
        ] {
            assert_eq!(read(text), Some(value), "{text}");
        }
        for text in [
            "",
            ".",
            "-1",
            "+1",
            "1e",
            "1e+",
            "1e--2",
            "1e1.5",
            "e3",
            "1_000",
            "1,5",
            " 1",
            "0x1",
            "inf",
            "nan",
            "1e999999999999",
            "1e101",
            "1/2",
            "½",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"1".repeat(MAX_TEXT + 1)), None);
    }

    #[test]
    fn json_numbers_are_taken_as_written_or_refused() {
        let json = |text: &str| {
            Decimal("relative").deserialize(&mut serde_json::Deserializer::from_str(text))
        };
        for (text, value) in [
            ("0.1", ratio(1, 10)),
            ("1e-3", ratio(1, 1000)),
            ("-0.0", ratio(0, 1)),
            ("0.123456789012345", ratio(123_456_789_012_345, 1_000_000_000_000_000)),
            ("18446744073709551615", BigRational::from_integer(u64::MAX.into())),
            ("\"0.25\"", ratio(1, 4)),
        ] {
            assert_eq!(json(text).ok(), Some(value), "{text}");
        }
        for text in
            ["-1", "-0.5", "0.12345678901234567", "1e300", "1e-300", "null", "true", "[]", "\"-1\""]
        {
            let said = json(text).map_err(|error| error.to_string());
            assert!(said.as_ref().is_err_and(|e| e.contains("`relative`")), "{text}: {said:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-+0-9.eE ]{0,12}|.{0,12}") {
            let _ = read(&text);
        }

        #[test]
        fn what_is_written_is_read(whole in 0u32.., part in 0u32..1_000_000) {
            let text = format!("{whole}.{part:06}");
            let value = ratio(i64::from(whole) * 1_000_000 + i64::from(part), 1_000_000);
            prop_assert_eq!(read(&text), Some(value));
        }
    }
}
