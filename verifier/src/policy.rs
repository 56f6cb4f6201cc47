//! What counts as the same answer where people differ. Everything that is not exact equality is
//! named here.

use num_rational::BigRational;
use serde::{Deserialize, Serialize};

/// The rules of one check.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// How far a number may be from the known one.
    pub tolerance: Tolerance,
    /// What a missing unit means.
    pub missing_unit: MissingUnit,
    /// What a percent sign on one side only means.
    pub percent: Percent,
}

/// How far a number may be from the known one.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Tolerance {
    /// Not at all.
    #[default]
    Exact,
    /// At most this part of the known answer: `|a - g| <= r·|g|`.
    Relative(BigRational),
    /// At most this much, in the unit of the known answer: `|a - g| <= d`.
    Absolute(BigRational),
    /// Less than half a unit in the last significant digit of the known answer, and at most 5 % of
    /// it, where that was written with a decimal point or an exponent; else exact.
    SignificantFigures,
}

/// What it means when only one side has a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingUnit {
    /// The number is taken to be in the other side's unit.
    #[default]
    Tolerated,
    /// An answer without the unit of the known one is ambiguous.
    Required,
}

/// What it means when only one side has a percent sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Percent {
    /// The sign divides by a hundred: `50%` is `1/2`. The same number with the sign and without is
    /// ambiguous.
    #[default]
    Exact,
    /// Besides, a bare number larger than 1 may be the percentage: `50` and `50%` agree; `0.5` and
    /// `0.5%` do not.
    Lenient,
}

impl Policy {
    /// Exact mathematics: units may be left out.
    pub fn math() -> Self {
        Self {
            tolerance: Tolerance::Exact,
            missing_unit: MissingUnit::Tolerated,
            percent: Percent::Exact,
        }
    }

    /// Measured quantities: as many figures as the known answer has, and its unit.
    pub fn science() -> Self {
        Self {
            tolerance: Tolerance::SignificantFigures,
            missing_unit: MissingUnit::Required,
            percent: Percent::Exact,
        }
    }
}
