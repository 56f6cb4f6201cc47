//! One row of the table of units: what uom says of a unit, and what we add to it.

use num_bigint::BigInt;
use uom::si;

use super::dimension::Dimension;
use super::factor::{Factor, product, shortest};
use super::table::{Meaning, Standing};

/// Which prefixes a unit takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefixes {
    None,
    Decimal,
    DecimalAndBinary,
}

/// What uom says of a unit.
pub(super) struct Defined {
    coefficient: f64,
    pub(super) symbol: &'static str,
    pub(super) singular: &'static str,
    pub(super) plural: &'static str,
    dimension: Dimension,
}

/// Asks uom for a unit of a quantity.
pub(super) fn defined<D, U>() -> Defined
where
    D: si::Dimension + ?Sized,
    U: si::Unit + uom::Conversion<f64, T = f64>,
{
    Defined {
        coefficient: U::coefficient(),
        symbol: U::abbreviation(),
        singular: U::singular(),
        plural: U::plural(),
        dimension: Dimension::of::<D>(),
    }
}

/// A unit that we accept.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// The definition in uom; none for a unit with a dimension of its own.
    pub(super) uom: Option<fn() -> Defined>,
    /// The symbol in place of that of uom, `None` when the unit has no symbol.
    pub(super) symbol: Option<&'static str>,
    /// What the symbol can be taken for.
    pub(super) standing: Standing,
    /// The singular and the plural in place of those of uom.
    pub(super) names: Option<(&'static str, &'static str)>,
    /// Other spellings of the symbol, with what they can be taken for.
    pub(super) aliases: &'static [(Standing, &'static str)],
    /// Other spellings of the name, separated by commas.
    pub(super) words: &'static str,
    pub(super) prefixes: Prefixes,
    /// The coefficient where that of uom is rounded.
    exact: Option<&'static str>,
    pi_power: i8,
    /// How many of the units of uom this unit is.
    times: i64,
    /// What is added to get kelvins.
    offset: Option<&'static str>,
    /// A dimension that the SI does not have, and its power.
    axis: Option<(&'static str, i8)>,
}

/// The symbol of uom, in [`Row::symbol`].
pub(super) const SYMBOL_OF_UOM: &str = "";

const EMPTY: Row = Row {
    uom: None,
    symbol: None,
    standing: Standing::Word,
    names: None,
    aliases: &[],
    words: "",
    prefixes: Prefixes::None,
    exact: None,
    pi_power: 0,
    times: 1,
    offset: None,
    axis: None,
};

/// A unit of uom with its symbol.
pub(super) const fn symbol(standing: Standing, uom: fn() -> Defined) -> Row {
    Row { uom: Some(uom), symbol: Some(SYMBOL_OF_UOM), standing, ..EMPTY }
}

/// A unit of uom that is only spelled out.
pub(super) const fn word(uom: fn() -> Defined) -> Row {
    Row { uom: Some(uom), ..EMPTY }
}

/// A unit whose dimension only it and the others on the same axis have.
pub(super) const fn own(
    axis: &'static str,
    exact: &'static str,
    singular: &'static str,
    plural: &'static str,
) -> Row {
    Row { exact: Some(exact), axis: Some((axis, 1)), names: Some((singular, plural)), ..EMPTY }
}

/// As [`own`], with a symbol and no name.
pub(super) const fn own_symbol(symbol: &'static str) -> Row {
    Row {
        exact: Some("1"),
        axis: Some((symbol, 1)),
        symbol: Some(symbol),
        standing: Standing::Certain,
        ..EMPTY
    }
}

/// So many of a unit of uom.
pub(super) const fn multiple(
    times: i64,
    uom: fn() -> Defined,
    singular: &'static str,
    plural: &'static str,
) -> Row {
    Row { uom: Some(uom), times, names: Some((singular, plural)), ..EMPTY }
}

impl Row {
    /// Takes the prefixes of the SI.
    pub(super) const fn metric(self) -> Self {
        Self { prefixes: Prefixes::Decimal, ..self }
    }

    /// Takes the prefixes of the SI and the binary ones.
    pub(super) const fn binary(self) -> Self {
        Self { prefixes: Prefixes::DecimalAndBinary, ..self }
    }

    /// The coefficient as a product, where that of uom is rounded.
    pub(super) const fn exactly(self, product: &'static str) -> Self {
        Self { exact: Some(product), ..self }
    }

    /// As [`Row::exactly`], times a power of pi.
    pub(super) const fn with_pi(self, product: &'static str, power: i8) -> Self {
        Self { exact: Some(product), pi_power: power, ..self }
    }

    /// What is added to get kelvins.
    pub(super) const fn offset(self, product: &'static str) -> Self {
        Self { offset: Some(product), ..self }
    }

    /// A dimension besides that of uom.
    pub(super) const fn axis(self, name: &'static str, power: i8) -> Self {
        Self { axis: Some((name, power)), ..self }
    }

    /// A symbol other than that of uom.
    pub(super) const fn written(self, standing: Standing, symbol: &'static str) -> Self {
        Self { symbol: Some(symbol), standing, ..self }
    }

    /// Names other than those of uom; where two are one the unit goes by its symbol.
    pub(super) const fn named(self, singular: &'static str, plural: &'static str) -> Self {
        Self { names: Some((singular, plural)), ..self }
    }

    /// Other spellings of the symbol.
    pub(super) const fn or(self, aliases: &'static [(Standing, &'static str)]) -> Self {
        Self { aliases, ..self }
    }

    /// Other spellings of the name.
    pub(super) const fn called(self, words: &'static str) -> Self {
        Self { words, ..self }
    }

    /// What the unit means; `None` when the row is malformed, which the tests exclude.
    pub(super) fn meaning(&self, defined: Option<&Defined>) -> Option<Meaning> {
        let rational = match (self.exact, defined) {
            (Some(written), _) => product(written)?,
            (None, Some(defined)) => shortest(defined.coefficient)?,
            (None, None) => return None,
        };
        let rational = rational * BigInt::from(self.times);
        let mut dimension = defined.map_or_else(Dimension::default, |uom| uom.dimension.clone());
        if let Some((name, power)) = self.axis {
            dimension.multiply(&Dimension::named(name, 1), power)?;
        }
        let offset = match self.offset {
            Some(written) => Some(product(written)?),
            None => None,
        };
        let factor = Factor { rational, pi_power: self.pi_power };
        Some(Meaning { factor, offset, dimension })
    }

    /// The coefficient of uom where we take it.
    #[cfg(test)]
    pub(super) fn spelling_of_uom(&self) -> Option<String> {
        let defined = self.uom.filter(|_| self.exact.is_none())?();
        Some(format!("{:e}", defined.coefficient))
    }

    /// How far our coefficient is from that of uom, as a part of it.
    #[cfg(test)]
    pub(super) fn distance(&self) -> Option<f64> {
        use num_traits::ToPrimitive;
        if self.times != 1 {
            return None;
        }
        let defined = self.uom?();
        let ours = self.meaning(Some(&defined))?.factor;
        let ours = ours.rational.to_f64()? * std::f64::consts::PI.powi(ours.pi_power.into());
        Some((ours / defined.coefficient - 1.0).abs())
    }
}
