use super::Stop;
use super::agreement::Points;
use super::decision::{Comparison, Outcome};
use super::evaluate::{Bindings, EXACT_BITS, Evaluator, LogBase};
use super::separation::separation;
use super::survey::Survey;
use crate::budget::{Budget, OverBudget};
use crate::value::{Constant, Expr};

/// Bits of agreement that numbers of no proven separation need at least.
///
/// Such numbers are equal when they agree to `256 + 4 n + 8 m` bits relative to their magnitude
/// (or to that many bits after the binary point when both may be zero), where n is the number of
/// bits of all numbers in both expressions together, and m bounds how far any value on the way
/// lies from one: it is between `2^-m` and `2^m`. Functions of a small ε can differ by a power of
/// it (`sin tan ε` and `tan sin ε` by its seventh), hence the factor. That they agree by chance is less likely than
/// `2^-256`, and to make them agree on purpose takes more digits than are there.
const NUMBER_AGREEMENT: u64 = 256;
/// As [`NUMBER_AGREEMENT`], for each of several points.
pub(super) const POINT_AGREEMENT: u64 = 200;

/// How it is known that two expressions are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// They are written the same.
    Structure,
    /// Both have been computed exactly.
    Exact,
    /// They agree to more bits than different numbers of their kind can: a proof.
    Separation {
        /// How many.
        bits: u64,
    },
    /// They agree to more bits than chance or purpose could bring about.
    Digits {
        /// How many.
        bits: u64,
    },
    /// They agree at random points, nowhere the contrary.
    Points {
        /// How many.
        count: u32,
    },
}

impl How {
    /// For people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Structure => "both are the same expression",
            Self::Exact => "both have the same exact value",
            Self::Separation { .. } => "both are the same algebraic number",
            Self::Digits { .. } => "both agree to more digits than different numbers could",
            Self::Points { .. } => "both agree at random points",
        }
    }
}

/// Where two expressions that are not the same agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Where all variables are positive.
    Positive,
    /// Where all variables are natural numbers.
    Natural,
    /// When a logarithm without a base is the natural one or the common one.
    LogBase,
}

impl Domain {
    /// For people.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Positive => "the two agree for positive variables, and not for all",
            Self::Natural => "the two agree for natural variables, and not for all",
            Self::LogBase => "the two agree for one base of the logarithm, and not for all",
        }
    }
}

/// Whether two expressions are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// They are.
    Equal {
        /// How that is known.
        how: How,
    },
    /// They certainly are not.
    Different,
    /// They are under a condition, and certainly are not without it.
    SomewhereEqual(Domain),
    /// It cannot be said: one has no value, or none that can be computed.
    Unknown(Stop),
    /// It takes more work than allowed.
    OverBudget(OverBudget),
}

impl From<Stop> for Identity {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::OverBudget(over) => Self::OverBudget(over),
            other => Self::Unknown(other),
        }
    }
}

/// Whether two expressions without variables are the same number.
///
/// Different is certain: enclosures of the two do not meet. Equal is exact or proven for algebraic
/// numbers; else it means agreement to `256 + 4 n + 8 m` bits, where n is the number of bits of all
/// numbers in both expressions and m bounds the exponents of all values on the way.
pub fn same_number(a: &Expr, b: &Expr, budget: &mut Budget) -> Identity {
    numbers(a, b, budget).unwrap_or_else(Identity::from)
}

/// Whether two expressions are the same function of their variables.
///
/// Different is certain: they differ at a point where both are defined. Equal means that they agree
/// at no fewer than eight points that are drawn from the expressions themselves, at each to
/// `200 + 4 n + 8 m` bits as in [`same_number`], and differ at none.
pub fn same_function(a: &Expr, b: &Expr, variables: &[String], budget: &mut Budget) -> Identity {
    if variables.is_empty() {
        return same_number(a, b, budget);
    }
    functions(a, b, variables, budget).unwrap_or_else(Identity::from)
}

fn numbers(a: &Expr, b: &Expr, budget: &mut Budget) -> Result<Identity, Stop> {
    if let (Some(a), Some(b)) = (infinity(a), infinity(b)) {
        return Ok(if a == b { Identity::Equal { how: How::Exact } } else { Identity::Different });
    }
    let survey = Survey::of(a, b, budget)?;
    if a == b {
        let bindings = Bindings::with_log_base(LogBase::Ten);
        return match Evaluator::new(&bindings, 64, EXACT_BITS, budget).value(a) {
            Err(Stop::Undefined) => Err(Stop::Undefined),
            Err(Stop::OverBudget(over)) if over.limit == "steps" => Err(over.into()),
            _ => Ok(Identity::Equal { how: How::Structure }),
        };
    }
    let comparison = Comparison {
        a,
        b,
        limit: EXACT_BITS,
        agreement: NUMBER_AGREEMENT.saturating_add(survey.bits.saturating_mul(4)),
    };
    let compare = |log_base: LogBase, budget: &mut Budget| {
        let bindings = Bindings::with_log_base(log_base);
        comparison.at(&bindings, 128, |budget| separation(a, b, budget), budget)
    };
    if !survey.bare_logarithm {
        return Ok(compare(LogBase::Unknown, budget)?.into());
    }
    let logarithm = super::agreement::random_logarithm(survey.seed());
    if let equal @ Outcome::Equal(_) = compare(LogBase::WithLogarithm(logarithm), budget)? {
        return Ok(equal.into());
    }
    for log_base in [LogBase::Ten, LogBase::E] {
        if let Outcome::Equal(_) = compare(log_base, budget)? {
            return Ok(Identity::SomewhereEqual(Domain::LogBase));
        }
    }
    Ok(Identity::Different)
}

fn functions(
    a: &Expr,
    b: &Expr,
    variables: &[String],
    budget: &mut Budget,
) -> Result<Identity, Stop> {
    let survey = Survey::of(a, b, budget)?;
    if a == b {
        return Ok(Identity::Equal { how: How::Structure });
    }
    let mut at_points = |log_base: Option<LogBase>| {
        Points::new(a, b, variables, &survey, log_base).identity(budget)
    };
    let identity = at_points(None)?;
    if survey.bare_logarithm && !matches!(identity, Identity::Equal { .. }) {
        for log_base in [LogBase::Ten, LogBase::E] {
            if let Identity::Equal { .. } = at_points(Some(log_base))? {
                return Ok(Identity::SomewhereEqual(Domain::LogBase));
            }
        }
    }
    Ok(identity)
}

impl From<Outcome> for Identity {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Equal(how) => Self::Equal { how },
            Outcome::Different | Outcome::DifferentBeyondReals => Self::Different,
        }
    }
}

/// The sign of an infinity.
fn infinity(expr: &Expr) -> Option<i8> {
    match expr {
        Expr::Constant(Constant::Infinity) => Some(1),
        Expr::Product(factors) => match factors.as_slice() {
            [Expr::Number(q), Expr::Constant(Constant::Infinity)]
                if q.is_integer() && q.numer().magnitude() == &1u32.into() =>
            {
                Some(if *q.numer() < 0.into() { -1 } else { 1 })
            }
            _ => None,
        },
        _ => None,
    }
}
