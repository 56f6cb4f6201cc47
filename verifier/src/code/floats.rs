//! How far a float of a program may be from the expected one.

use lehr_record::{Outcome, Verdict};
use num_rational::BigRational;
use num_traits::Signed;

use super::evidence::verdict;
use crate::policy::Tolerance;

/// What counts as the same where people differ, for programs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodePolicy {
    /// How far a float may be from the expected one: exact, relative or absolute. When absent, a
    /// returned float may be off by 1e-9 of what is expected (1e-12 where that is 0), and printed
    /// output is compared as text.
    pub tolerance: Option<Tolerance>,
}

/// A policy that can be judged by.
#[derive(Clone, Debug)]
pub(super) enum Floats {
    /// The usual one, which differs for values and for text.
    Usual,
    Exact,
    Relative(BigRational),
    Absolute(BigRational),
}

impl Floats {
    /// Refuses what has no meaning for programs.
    pub fn of(policy: &CodePolicy) -> Result<Self, Verdict> {
        match &policy.tolerance {
            None => Ok(Self::Usual),
            Some(Tolerance::Exact) => Ok(Self::Exact),
            Some(Tolerance::Relative(part)) => Ok(Self::Relative(part.clone())),
            Some(Tolerance::Absolute(much)) => Ok(Self::Absolute(much.clone())),
            Some(Tolerance::SignificantFigures) => Err(verdict(
                Outcome::Unsupported,
                "policy",
                "what a program gives has no significant figures; the tolerance may be exact, \
                 relative or absolute",
            )),
        }
    }

    /// Whether a returned float is the expected one. NaN and the infinities equal nothing.
    pub fn close(&self, expected: f64, returned: f64) -> bool {
        match self {
            Self::Usual => {
                let tolerance = if expected == 0.0 { 1e-12 } else { 1e-9 * expected.abs() };
                (expected - returned).abs() <= tolerance
            }
            Self::Exact => expected == returned && expected.is_finite(),
            Self::Relative(_) | Self::Absolute(_) => {
                let exact =
                    BigRational::from_float(expected).zip(BigRational::from_float(returned));
                exact.is_some_and(|(expected, returned)| self.within(&expected, &returned))
            }
        }
    }

    fn within(&self, expected: &BigRational, returned: &BigRational) -> bool {
        let distance = (expected - returned).abs();
        match self {
            Self::Relative(part) => distance <= part * expected.abs(),
            Self::Absolute(much) => distance <= *much,
            Self::Usual | Self::Exact => distance == BigRational::from_integer(0.into()),
        }
    }

    /// Whether a printed word is the expected one: the same text or, under a tolerance, a number
    /// near enough where one of the two is written with a point or an exponent.
    pub fn same_word(&self, expected: &str, printed: &str) -> bool {
        if expected == printed {
            return true;
        }
        let by_value = matches!(self, Self::Relative(_) | Self::Absolute(_));
        let is_float = |text: &str| text.contains(['.', 'e', 'E']);
        by_value
            && (is_float(expected) || is_float(printed))
            && number(expected)
                .zip(number(printed))
                .is_some_and(|(expected, printed)| self.close(expected, printed))
    }
}

/// A decimal number; words such as `inf` are none.
fn number(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(part: i64, of: i64) -> BigRational {
        BigRational::new(part.into(), of.into())
    }

    #[test]
    fn floats_are_near_by_policy() {
        let relative = || Floats::Relative(ratio(1, 100));
        let absolute = || Floats::Absolute(ratio(1, 2));
        for (floats, expected, returned, near) in [
            (Floats::Usual, 0.3, 0.1 + 0.2, true),
            (Floats::Usual, 0.3, 0.3001, false),
            (Floats::Usual, 0.0, 1e-13, true),
            (Floats::Exact, 0.3, 0.1 + 0.2, false),
            (Floats::Exact, 0.0, -0.0, true),
            (Floats::Exact, f64::INFINITY, f64::INFINITY, false),
            (relative(), 100.0, 101.0, true),
            (relative(), 100.0, 101.1, false),
            (relative(), -100.0, -99.0, true),
            (relative(), 0.0, 1e-300, false),
            (absolute(), 100.0, 100.5, true),
            (absolute(), 100.0, 100.6, false),
            (absolute(), 100.0, f64::NAN, false),
            (absolute(), 100.0, f64::INFINITY, false),
        ] {
            assert_eq!(floats.close(expected, returned), near, "{floats:?} {expected} {returned}");
        }
    }

    #[test]
    fn printed_words_are_numbers_only_under_a_tolerance() {
        let relative = || Floats::Relative(ratio(1, 1000));
        for (floats, expected, printed, same) in [
            (Floats::Usual, "0.5", "0.50", false),
            (Floats::Exact, "0.5", "0.50", false),
            (relative(), "0.5", "0.50", true),
            (relative(), "0.5", "5e-1", true),
            (relative(), "1000000", "1000001", false),
            (relative(), "1000000", "1000001.0", true),
            (relative(), "inf", "inf", true),
            (relative(), "inf", "1e999", false),
            (relative(), "nan", "0.0", false),
            (relative(), "0.5", "0.5x", false),
            (relative(), "0.5", "", false),
        ] {
            assert_eq!(
                floats.same_word(expected, printed),
                same,
                "{floats:?} {expected} {printed}"
            );
        }
    }
}
