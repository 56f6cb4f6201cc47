//! What the search for an answer wants to know of a reading, in one place: the search never asks
//! whether something is a number.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::equation::worked_out;
use super::prose::{Lead, stated};
use super::{Reading, read};
use crate::budget::Budget;
use crate::compare::same;
use crate::notation::Stop;
use crate::policy::{MissingUnit, Percent, Policy, Tolerance};
use crate::unit::{Kind, Unit};
use crate::value::{Quantity, Value};

/// The steps for a comparison of two statements of one reply.
const STEPS: u64 = 100_000;

/// How much of a text could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Readable {
    /// A value that can be compared.
    Value,
    /// Words, or something that the reader leaves alone.
    Unread,
    /// Nothing.
    Empty,
    /// More than may be read.
    TooMuch,
}

/// Sorts a reading.
pub(super) fn readable(reading: &Reading) -> Readable {
    match reading {
        Reading::Value(Value::Text(_)) | Reading::Part => Readable::Unread,
        Reading::Value(_) => Readable::Value,
        Reading::Unread(Stop::OverBudget(_)) => Readable::TooMuch,
        Reading::Unread(_) => Readable::Unread,
        Reading::Empty => Readable::Empty,
    }
}

/// Reads a clause of prose: as a value, or else for the one number that it states.
pub(super) fn read_clause(clause: &str, lead: Lead) -> Reading {
    let reading = read(clause);
    if readable(&reading) != Readable::Unread {
        return reading;
    }
    match stated(clause, lead) {
        Ok(number) => Reading::Value(Value::Quantity(number)),
        Err(stop @ Stop::OverBudget(_)) => Reading::Unread(stop),
        Err(_) if lead == Lead::Prose => {
            worked_out(clause).map_or(reading, |number| Reading::Value(Value::Quantity(number)))
        }
        Err(_) => reading,
    }
}

/// Whether a value is an exact one rounded: `0.4167` of `5/12`.
pub(super) fn is_rounding(exact: &Reading, rounded: &Reading) -> bool {
    let (Reading::Value(exact), Reading::Value(rounded)) = (exact, rounded) else { return false };
    let near = BigRational::new(BigInt::from(1), BigInt::from(100));
    let policy = Policy { tolerance: Tolerance::Relative(near), ..Policy::math() };
    same(exact, rounded, &policy, &mut Budget::of(STEPS)).is_correct()
}

/// Whether a reading counts something: `2 Methods`.
pub(super) fn counts_a_noun(reading: &Reading) -> bool {
    matches!(
        reading,
        Reading::Value(Value::Quantity(Quantity { unit: Some(unit), .. })) if unit.kind == Kind::Noun
    )
}

/// The reading with the unit that stands beside it, if it has none of its own.
pub(super) fn with_unit(mut reading: Reading, unit: Option<Unit>) -> Reading {
    if let (Reading::Value(Value::Quantity(number)), Some(unit)) = (&mut reading, unit)
        && !number.percent
    {
        number.unit.get_or_insert(unit);
    }
    reading
}

/// A part of something larger, which is not the value that it seems to be.
pub(super) fn as_part(reading: Reading) -> Reading {
    match readable(&reading) {
        Readable::Empty | Readable::TooMuch => reading,
        Readable::Value | Readable::Unread => Reading::Part,
    }
}

/// Whether two texts say the same value in the same form: the same unit, a percent sign on both.
pub(super) fn same_value(a: &Reading, b: &Reading) -> bool {
    let (Reading::Value(a), Reading::Value(b)) = (a, b) else { return false };
    if let (Value::Quantity(a), Value::Quantity(b)) = (a, b) {
        let name = |number: &Quantity| number.unit.as_ref().map(|unit| unit.name.clone());
        if a.percent != b.percent || name(a) != name(b) {
            return false;
        }
    }
    let policy = Policy {
        tolerance: Tolerance::Exact,
        missing_unit: MissingUnit::Required,
        percent: Percent::Exact,
    };
    same(a, b, &policy, &mut Budget::of(STEPS)).is_correct()
}

/// Whether a reading is a time of day or a date.
pub(super) fn is_time(reading: &Reading) -> bool {
    matches!(reading, Reading::Value(Value::Time { .. } | Value::Date { .. }))
}

/// Whether a reading is one number or expression.
pub(super) fn is_plain_number(reading: &Reading) -> bool {
    matches!(reading, Reading::Value(Value::Quantity(_)))
}

/// Whether two readings are closed numbers of another value.
pub(super) fn differ(a: &Reading, b: &Reading) -> bool {
    let closed = |reading: &Reading| matches!(reading, Reading::Value(Value::Quantity(q)) if !q.value.has_variable());
    closed(a) && closed(b) && contradicts(a, b)
}

/// Whether two values are the same answer, by the policy of mathematics.
pub(super) fn agree(a: &Value, b: &Value) -> bool {
    same(a, b, &Policy::math(), &mut Budget::of(STEPS)).is_correct()
}

/// Whether two statements cannot both be the answer, or nobody here can tell.
pub(super) fn contradicts(a: &Reading, b: &Reading) -> bool {
    match (a, b) {
        (Reading::Empty | Reading::Unread(Stop::OverBudget(_)), _)
        | (_, Reading::Empty | Reading::Unread(Stop::OverBudget(_))) => false,
        (Reading::Value(x), Reading::Value(y)) => a != b && !agree(x, y),
        (a, b) => a != b,
    }
}
