//! The `policy` of a task: what differs from the usual one of its kind.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::decimal::Decimal;
use super::field::Word;
use crate::code::CodePolicy;
use crate::policy::{MissingUnit, Percent, Policy, Tolerance};

/// What a task says of its policy.
#[derive(Debug, Default)]
pub(super) struct ChoiceOfPolicy {
    tolerance: Option<Tolerance>,
    missing_unit: Option<MissingUnit>,
    percent: Option<Percent>,
}

impl ChoiceOfPolicy {
    /// The usual policy with what was said in its place.
    pub fn over(self, usual: Policy) -> Policy {
        Policy {
            tolerance: self.tolerance.unwrap_or(usual.tolerance),
            missing_unit: self.missing_unit.unwrap_or(usual.missing_unit),
            percent: self.percent.unwrap_or(usual.percent),
        }
    }
}

impl ChoiceOfPolicy {
    /// The policy for a program, of which only floats can be off.
    pub fn of_program(self) -> Result<CodePolicy, &'static str> {
        match self.missing_unit.is_some() || self.percent.is_some() {
            true => Err("the `policy` of a program has `tolerance` alone"),
            false => Ok(CodePolicy { tolerance: self.tolerance }),
        }
    }
}

const MISSING_UNIT: Word<MissingUnit> = Word {
    key: "missing_unit",
    words: &[("tolerated", MissingUnit::Tolerated), ("required", MissingUnit::Required)],
};
const PERCENT: Word<Percent> =
    Word { key: "percent", words: &[("lenient", Percent::Lenient), ("exact", Percent::Exact)] };

pub(super) struct PolicyReader;

impl<'de> DeserializeSeed<'de> for PolicyReader {
    type Value = ChoiceOfPolicy;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<ChoiceOfPolicy, D::Error> {
        source.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PolicyReader {
    type Value = ChoiceOfPolicy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`policy` to be an object of `tolerance`, `missing_unit` and `percent`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ChoiceOfPolicy, A::Error> {
        let mut policy = ChoiceOfPolicy::default();
        while let Some(key) = map.next_key::<String>()? {
            let before = match key.as_str() {
                "tolerance" => {
                    policy.tolerance.replace(map.next_value_seed(ToleranceReader)?).is_some()
                }
                "missing_unit" => {
                    policy.missing_unit.replace(map.next_value_seed(MISSING_UNIT)?).is_some()
                }
                "percent" => policy.percent.replace(map.next_value_seed(PERCENT)?).is_some(),
                other => {
                    const KEYS: &[&str] = &["tolerance", "missing_unit", "percent"];
                    return Err(A::Error::unknown_field(other, KEYS));
                }
            };
            if before {
                return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
            }
        }
        Ok(policy)
    }
}

struct ToleranceReader;

impl<'de> DeserializeSeed<'de> for ToleranceReader {
    type Value = Tolerance;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Tolerance, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ToleranceReader {
    type Value = Tolerance;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "`tolerance` to be \"exact\", \"significant_figures\", {\"relative\": \"0.01\"} or \
             {\"absolute\": \"0.5\"}",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tolerance, E> {
        match text {
            "exact" => Ok(Tolerance::Exact),
            "significant_figures" => Ok(Tolerance::SignificantFigures),
            other => Err(E::invalid_value(Unexpected::Str(&crate::answer::clip(other, 80)), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tolerance, A::Error> {
        let tolerance = match map.next_key::<String>()?.as_deref() {
            Some("relative") => Tolerance::Relative(map.next_value_seed(Decimal("relative"))?),
            Some("absolute") => Tolerance::Absolute(map.next_value_seed(Decimal("absolute"))?),
            Some(other) => return Err(A::Error::unknown_field(other, &["relative", "absolute"])),
            None => return Err(A::Error::invalid_value(Unexpected::Map, &self)),
        };
        match map.next_key::<String>()? {
            Some(_) => Err(A::Error::custom("`tolerance` takes one of `relative` and `absolute`")),
            None => Ok(tolerance),
        }
    }
}
