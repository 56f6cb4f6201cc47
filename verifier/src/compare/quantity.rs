//! Numbers with percent signs and units, by the policy.

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::expression::Equality;
use super::number::{bounds, is_number, margin, rational};
use super::{Bench, Finding, Found};
use crate::policy::{MissingUnit, Percent, Tolerance};
use crate::unit::{Kind, Unit};
use crate::value::{Constant, Expr, Literal, Quantity, Value};

impl Bench<'_> {
    /// Compares two quantities.
    pub(super) fn quantities(&mut self, gold: &Quantity, answer: &Quantity) -> Found {
        match (&gold.unit, &answer.unit) {
            (None, None) => self.bare(gold, answer),
            (Some(wanted), Some(found)) => self.both_units(gold, wanted, answer, found),
            (Some(unit), None) => self.one_unit(gold, answer, unit, true),
            (None, Some(unit)) => self.one_unit(gold, answer, unit, false),
        }
    }

    /// Without units: percent signs are left.
    fn bare(&mut self, gold: &Quantity, answer: &Quantity) -> Found {
        if gold.percent && answer.percent {
            // The last figure is one of the number before the sign.
            return self.close(&gold.value, &answer.value, gold.literal.as_ref());
        }
        let literal = gold.literal.map(|literal| Literal {
            last_place: literal.last_place - if gold.percent { 2 } else { 0 },
            ..literal
        });
        let plain = self.close(&scaled(gold), &scaled(answer), literal.as_ref())?;
        if gold.percent == answer.percent || plain.is_correct() {
            return Ok(plain);
        }
        // The sign may be left out on one side.
        if !self.close(&gold.value, &answer.value, gold.literal.as_ref())?.is_correct() {
            return Ok(plain);
        }
        let large = rational(&gold.value).is_some_and(|value| value.abs() > BigRational::one());
        if large && self.policy.percent == Percent::Lenient {
            return Ok(Finding::correct("percent", "both are the same number of percent"));
        }
        let reason = "the same number, in percent on one side only";
        Ok(Finding::ambiguous("percent", reason))
    }

    fn both_units(
        &mut self,
        gold: &Quantity,
        wanted: &Unit,
        answer: &Quantity,
        found: &Unit,
    ) -> Found {
        if wanted.name == found.name {
            return self.close(&gold.value, &answer.value, gold.literal.as_ref());
        }
        if wanted.same_dimension(found) {
            let Some(converted) = converted(&answer.value, found, wanted) else {
                return Ok(Finding::unsupported("units", "these units are not converted"));
            };
            return self.close(&gold.value, &converted, gold.literal.as_ref());
        }
        let nouns = wanted.kind == Kind::Noun || found.kind == Kind::Noun;
        // Letters that may be variables on both sides.
        if let (Some(a), Some(b)) = (&gold.otherwise, &answer.otherwise)
            && matches!(self.equality(a, b)?, Equality::Equal(_))
        {
            return Ok(Finding::ambiguous(
                "unit_or_variable",
                "the letters may be units or variables",
            ));
        }
        let same_number = self.close(&gold.value, &answer.value, gold.literal.as_ref())?;
        if nouns && !same_number.is_wrong() {
            let (wanted, found) = (&wanted.name, &found.name);
            return Ok(Finding::ambiguous(
                "nouns",
                format!("the known answer counts {wanted}, the answer {found}"),
            ));
        }
        if wanted.is_ambiguous() || found.is_ambiguous() {
            return Ok(Finding::ambiguous(
                "slash",
                "what stands behind the slash of a unit may belong to the divisor or not",
            ));
        }
        Ok(Finding::wrong(
            "dimension",
            format!("{} is no measure of what {} measures", found.name, wanted.name),
        ))
    }

    /// Only one side has a unit.
    fn one_unit(
        &mut self,
        gold: &Quantity,
        answer: &Quantity,
        unit: &Unit,
        in_gold: bool,
    ) -> Found {
        let (with, without) = if in_gold { (gold, answer) } else { (answer, gold) };
        if unit.kind == Kind::Doubtful {
            if let Some(otherwise) = &with.otherwise
                && !is_number(&without.value)
            {
                let (a, b) = (otherwise.clone(), without.value.clone());
                return if in_gold { self.expressions(&a, &b) } else { self.expressions(&b, &a) };
            }
            return self.letters_beside(gold, answer, unit);
        }
        if without.percent {
            return Ok(Finding::wrong(
                "dimension",
                "one side has a unit, the other a percent sign",
            ));
        }
        // An angle without a unit is in radians.
        if let Some(value) = in_radians(with, unit) {
            let (a, b) = if in_gold { (&value, &answer.value) } else { (&gold.value, &value) };
            let found = self.close(a, b, gold.literal.as_ref())?;
            // π beside a degree sign is no number of degrees.
            if found.is_correct() || rational(&without.value).is_none() {
                return Ok(found);
            }
        }
        let found = self.close(&gold.value, &answer.value, gold.literal.as_ref())?;
        if in_gold && found.is_correct() && self.policy.missing_unit == MissingUnit::Required {
            return Ok(Finding::ambiguous(
                "unit_missing",
                format!("the answer leaves the unit {} out", unit.name),
            ));
        }
        Ok(found)
    }

    /// Letters on one side only that may be a unit or variables.
    fn letters_beside(&mut self, gold: &Quantity, answer: &Quantity, unit: &Unit) -> Found {
        let found = self.close(&gold.value, &answer.value, gold.literal.as_ref())?;
        if found.is_wrong() {
            return Ok(found);
        }
        Ok(Finding::ambiguous(
            "unit_or_variable",
            format!("{} stands on one side only, and may be a unit or a variable", unit.name),
        ))
    }

    /// Compares two expressions within the tolerance of the policy.
    fn close(&mut self, gold: &Expr, answer: &Expr, literal: Option<&Literal>) -> Found {
        let found = self.expressions(gold, answer)?;
        if found.is_correct() || self.policy.tolerance == Tolerance::Exact {
            return Ok(found);
        }
        if !(is_number(gold) && is_number(answer)) {
            return Ok(found);
        }
        let (Some(wanted), Some(stated)) = (bounds(gold, self.budget), bounds(answer, self.budget))
        else {
            return Ok(found);
        };
        let Some((margin, border)) = margin(&self.policy.tolerance, &wanted.0, literal) else {
            return Ok(found);
        };
        // The farthest and the nearest that the two numbers can be.
        let apart = |a: &BigRational, b: &BigRational| (a - b).abs();
        let farthest = apart(&wanted.0, &stated.1).max(apart(&wanted.1, &stated.0));
        if farthest < margin || (border && farthest == margin) {
            return Ok(Finding::correct("tolerance", "the answer is within the tolerance"));
        }
        Ok(found)
    }

    /// Numerals with a base: the same base and the same value.
    pub(super) fn based(&mut self, gold: &Value, answer: &Value) -> Found {
        let parts = |value: &Value| match value {
            Value::Based { value, base } => Some((value.clone(), Some(*base))),
            Value::Quantity(q) if q.unit.is_none() && !q.percent => {
                rational(&q.value).map(|value| (value, None))
            }
            _ => None,
        };
        let (Some((a, base)), Some((b, other))) = (parts(gold), parts(answer)) else {
            return Ok(Finding::wrong("kinds", "only one side is a numeral with a base"));
        };
        if a == b && base == other {
            return Ok(Finding::correct("equal", "both are the same numeral"));
        }
        // 10 is the base of what has none.
        if a == b && [base, other].into_iter().all(|base| base.is_none_or(|b| b == 10)) {
            return Ok(Finding::correct("equal", "both are the same numeral"));
        }
        if a == b {
            return Ok(Finding::ambiguous("base", "the value is the same and the base another"));
        }
        if base.is_some() != other.is_some() {
            return Ok(Finding::ambiguous("base", "only one side says its base"));
        }
        Ok(Finding::wrong("different", "the answer has another value"))
    }

    /// `3 : 4` and `6 : 8`.
    pub(super) fn ratios(&mut self, gold: &[Expr], answer: &[Expr]) -> Found {
        if gold.len() != answer.len() {
            return Ok(Finding::wrong("length", "the ratios have different numbers of parts"));
        }
        // A part that is not zero measures the others.
        let mut measure = None;
        for (part, other) in gold.iter().zip(answer) {
            if !is_number(part) || self.is_positive(part).is_some() {
                measure = Some((part, other));
                break;
            }
        }
        let Some((first, other)) = measure else {
            return Ok(Finding::unsupported("kinds", "a ratio of nothing"));
        };
        if self.expressions(&Expr::integer(0), other)?.is_correct() {
            return Ok(Finding::wrong("different", "only one of two parts is zero"));
        }
        for (a, b) in gold.iter().zip(answer) {
            let left = a.clone().times(other.clone());
            let right = b.clone().times(first.clone());
            let found = self.expressions(&left, &right)?;
            if !found.is_correct() {
                return Ok(found);
            }
        }
        Ok(Finding::correct("equal", "both are the same ratio"))
    }
}

/// The value, a percent sign counted in.
fn scaled(quantity: &Quantity) -> Expr {
    if quantity.percent {
        quantity.value.clone().over(Expr::integer(100))
    } else {
        quantity.value.clone()
    }
}

/// A value in one unit as an expression in another of the same dimension.
fn converted(value: &Expr, from: &Unit, to: &Unit) -> Option<Expr> {
    let one = BigRational::one();
    let zero = BigRational::from_integer(0.into());
    // A conversion is linear: its value at zero and at one give both coefficients.
    let (at_zero, _) = from.convert(&zero, to)?;
    let (at_one, pi) = from.convert(&one, to)?;
    let factor = Expr::Number(at_one - &at_zero);
    let scaled = value.clone().times(factor);
    let scaled = match pi {
        0 => scaled,
        power => scaled.times(Expr::Constant(Constant::Pi).to_the(Expr::integer(power))),
    };
    Some(if at_zero == zero { scaled } else { scaled.plus(Expr::Number(at_zero)) })
}

/// The value of an angle in radians.
fn in_radians(quantity: &Quantity, unit: &Unit) -> Option<Expr> {
    let radian = crate::unit::parse("radian", true)?;
    unit.same_dimension(&radian).then(|| converted(&quantity.value, unit, &radian)).flatten()
}

#[cfg(test)]
mod tests {
    use lehr_record::Outcome::{self, Ambiguous, Correct, Wrong};

    use crate::budget::Budget;
    use crate::compare::same;
    use crate::notation::read;
    use crate::policy::{MissingUnit, Percent, Policy, Tolerance};

    fn judged(gold: &str, answer: &str, policy: &Policy) -> Option<Outcome> {
        let (gold, answer) = (read(gold).ok()?, read(answer).ok()?);
        Some(same(&gold, &answer, policy, &mut Budget::default()).outcome)
    }

    #[test]
    fn the_policy_decides_on_percent_signs() {
        for (gold, answer, exact, lenient) in [
            ("50\\%", "0.5", Correct, Correct),
            ("50\\%", "1/2", Correct, Correct),
            ("50\\%", "50", Ambiguous, Correct),
            ("50", "50\\%", Ambiguous, Correct),
            ("50", "0.5", Wrong, Wrong),
            ("0.5", "0.5\\%", Ambiguous, Ambiguous),
            ("1", "1\\%", Ambiguous, Ambiguous),
        ] {
            for (percent, expect) in [(Percent::Exact, exact), (Percent::Lenient, lenient)] {
                let policy = Policy { percent, ..Policy::math() };
                assert_eq!(
                    judged(gold, answer, &policy),
                    Some(expect),
                    "{gold} {answer} {percent:?}"
                );
            }
        }
    }

    #[test]
    fn the_policy_decides_on_missing_units() {
        for (gold, answer, tolerated, required) in [
            ("5 cm", "5", Correct, Ambiguous),
            ("5", "5 cm", Correct, Correct),
            ("5 cm", "6", Wrong, Wrong),
            ("5 cm", "50 mm", Correct, Correct),
            ("5 cm", "5 m", Wrong, Wrong),
            ("5 cm", "5 kg", Wrong, Wrong),
        ] {
            let rules = [(MissingUnit::Tolerated, tolerated), (MissingUnit::Required, required)];
            for (missing_unit, expect) in rules {
                let policy = Policy { missing_unit, ..Policy::math() };
                assert_eq!(judged(gold, answer, &policy), Some(expect), "{gold} {answer}");
            }
        }
    }

    #[test]
    fn the_policy_decides_on_distances() {
        let ratio =
            |above: i64, below: i64| num_rational::BigRational::new(above.into(), below.into());
        for (gold, answer, tolerance, expect) in [
            ("9.8", "9.81", Tolerance::Exact, Wrong),
            ("9.8", "9.81", Tolerance::SignificantFigures, Correct),
            ("9.8", "9.85", Tolerance::SignificantFigures, Wrong),
            ("5", "5.4", Tolerance::SignificantFigures, Wrong),
            ("0.5", "0.51", Tolerance::SignificantFigures, Correct),
            ("0.5", "0.54", Tolerance::SignificantFigures, Wrong),
            ("3.14", "\\pi", Tolerance::SignificantFigures, Correct),
            ("100", "101", Tolerance::Relative(ratio(1, 100)), Correct),
            ("100", "101.01", Tolerance::Relative(ratio(1, 100)), Wrong),
            ("-100", "-99", Tolerance::Relative(ratio(1, 100)), Correct),
            ("0", "0.001", Tolerance::Relative(ratio(1, 100)), Wrong),
            ("5 cm", "51 mm", Tolerance::Absolute(ratio(1, 10)), Correct),
            ("5 cm", "52 mm", Tolerance::Absolute(ratio(1, 10)), Wrong),
        ] {
            let policy = Policy { tolerance, ..Policy::math() };
            assert_eq!(judged(gold, answer, &policy), Some(expect), "{gold} {answer}");
        }
    }
}
