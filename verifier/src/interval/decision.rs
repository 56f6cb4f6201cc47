//! Whether two expressions have the same value at one point.

use super::complex::Complex;
use super::evaluate::{Bindings, Evaluator};
use super::identity::How;
use super::quantity::Quantity;
use super::real::Side;
use super::{Stop, Work};
use crate::budget::Budget;
use crate::value::Expr;

/// The highest precision that is tried.
pub(super) const MAX_PRECISION: u64 = 8192 + 512;
/// The largest number of bits of agreement that is asked for.
pub(super) const MAX_AGREEMENT: u64 = 8192;
/// Up to this precision it is tried whether a jump can be told from its neighbourhood.
const MAX_UNDECIDED: u32 = 1024;

/// What a comparison at one point finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// They are the same, as far as that is sure.
    Equal(How),
    /// They certainly differ.
    Different,
    /// They certainly differ, and neither is real.
    DifferentBeyondReals,
}

/// What is compared, and how near is near enough.
#[derive(Debug)]
pub(super) struct Comparison<'e> {
    pub a: &'e Expr,
    pub b: &'e Expr,
    /// Exact values of more bits are enclosed instead.
    pub limit: u64,
    /// Bits of agreement that make values of no proven separation equal, apart from what the
    /// numbers met on the way add.
    pub agreement: u64,
}

/// Two values, and how far numbers on the way lie from one.
struct Values {
    a: Quantity,
    b: Quantity,
    extent: u64,
}

impl Comparison<'_> {
    /// Compares at a point, first at the given precision. `separation` is called once when the
    /// difference is not decided at once.
    pub(super) fn at(
        &self,
        point: &Bindings,
        first: u32,
        separation: impl FnOnce(&mut Budget) -> Result<Option<u64>, Stop>,
        budget: &mut Budget,
    ) -> Result<Outcome, Stop> {
        let mut precision = first;
        let mut separation = Some(separation);
        let mut proven = None;
        loop {
            let values = match self.values(point, precision, budget) {
                Err(Stop::Undecided) if precision < MAX_UNDECIDED => {
                    precision *= 4;
                    continue;
                }
                values => values?,
            };
            if let Some(outcome) = exactly(&values.a, &values.b) {
                return Ok(outcome);
            }
            let mut work = Work::new(precision, budget);
            let (a, b) = (values.a.enclosure(&mut work)?, values.b.enclosure(&mut work)?);
            let difference = a.minus(&b, precision)?;
            if difference.is_zero() {
                return Ok(Outcome::Equal(How::Exact));
            }
            if !difference.may_be_zero() {
                let real = |z: &Complex| z.im.side() == Side::MaybeZero || z.im.is_zero();
                return Ok(match real(&a) || real(&b) {
                    true => Outcome::Different,
                    false => Outcome::DifferentBeyondReals,
                });
            }
            if let Some(separation) = separation.take() {
                proven = separation(budget)?.filter(|bits| *bits <= MAX_AGREEMENT);
            }
            let near = difference.re.top().max(difference.im.top());
            let (wanted, magnitude) = match proven {
                Some(bits) => (bits, 0),
                None => (
                    self.agreement.saturating_add(values.extent.saturating_mul(8)),
                    bottom(&a).max(bottom(&b)).unwrap_or(0),
                ),
            };
            if wanted <= MAX_AGREEMENT && near < magnitude.saturating_sub_unsigned(wanted) {
                return Ok(Outcome::Equal(match proven {
                    Some(bits) => How::Separation { bits },
                    None => How::Digits { bits: wanted },
                }));
            }
            precision = next_precision(precision, wanted, magnitude - near)?;
        }
    }

    fn values(
        &self,
        point: &Bindings,
        precision: u32,
        budget: &mut Budget,
    ) -> Result<Values, Stop> {
        let mut evaluator = Evaluator::new(point, precision, self.limit, budget);
        let a = evaluator.value(self.a)?;
        let b = evaluator.value(self.b)?;
        Ok(Values { a, b, extent: evaluator.extent })
    }
}

/// The precision to try after one that gave so many bits of agreement: what is wanted and what got
/// lost, unless that is far, when a difference may show earlier.
fn next_precision(precision: u32, wanted: u64, given: i64) -> Result<u32, Stop> {
    let now = u64::from(precision);
    let lost = i64::from(precision).saturating_sub(given).max(0).unsigned_abs();
    let needed = wanted.saturating_add(lost).saturating_add(32);
    let next = if needed > 8 * now { 4 * now } else { needed.max(now + now / 2) };
    if now >= MAX_PRECISION {
        return Err(Stop::too_large());
    }
    Ok(next.min(MAX_PRECISION) as u32)
}

/// What exact values say.
fn exactly(a: &Quantity, b: &Quantity) -> Option<Outcome> {
    let (Quantity::Exact(p, unit), Quantity::Exact(q, other)) = (a, b) else { return None };
    // 1, i, π and iπ are no rational multiples of each other.
    let same = if unit == other { p == q } else { a.is_zero() && b.is_zero() };
    Some(if same { Outcome::Equal(How::Exact) } else { Outcome::Different })
}

/// The `t` such that the number is at least `2^(t-1)` in magnitude, when it is certainly not zero.
fn bottom(z: &Complex) -> Option<i64> {
    z.re.bottom().max(z.im.bottom())
}
