//! Units: what may stand beside a number without being a part of it, and what one is in another.
//!
//! Coefficients and dimensions come from `uom`, made exact: a foot is 381/1250 of a meter, a degree
//! pi/180 of a radian. A letter beside a number is as often a variable as a unit (`5 m`), and so
//! are some pairs (`2 mg` is twice a weight): such units are [`Kind::Doubtful`].

mod compound;
mod dimension;
mod factor;
mod noun;
mod prefix;
mod row;
mod rows;
mod table;
mod take;
mod term;

use num_rational::BigRational;
use num_traits::Zero;

pub use dimension::Dimension;
pub use factor::Factor;
pub(crate) use take::take;
pub use take::{parse, take_upright};

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The normal spelling: `cm`, `m/s^2`, `J/(mol K)`, `dollar`, `mile/hour`; nouns in the
    /// singular.
    pub name: String,
    /// How sure it is that these letters are a unit.
    pub kind: Kind,
    /// How many base units it is.
    pub factor: Factor,
    /// What is added to that many base units: 273.15 for degrees Celsius, when they stand alone.
    pub offset: Option<Box<BigRational>>,
    /// What it measures.
    pub dimension: Dimension,
}

/// What the letters of a unit can be taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A unit and nothing else.
    Certain,
    /// A unit or a product of variables.
    Doubtful,
    /// The name of what is counted.
    Noun,
}

impl Unit {
    /// Whether one converts to the other.
    pub fn same_dimension(&self, other: &Self) -> bool {
        self.dimension == other.dimension
    }

    /// Whether both are one unit under two spellings: `mL` and `cm^3`.
    pub fn same_unit(&self, other: &Self) -> bool {
        self.same_dimension(other) && self.factor == other.factor && self.added() == other.added()
    }

    /// A value in this unit as one in another: a number and the power of pi that multiplies it.
    /// `None` when the dimensions differ.
    pub fn convert(&self, value: &BigRational, to: &Self) -> Option<(BigRational, i8)> {
        if !self.same_dimension(to) {
            return None;
        }
        let pi_power = self.factor.pi_power.checked_sub(to.factor.pi_power)?;
        let (from_offset, to_offset) = (self.added(), to.added());
        if pi_power != 0 && (from_offset.is_some() || to_offset.is_some()) {
            return None;
        }
        let mut base = value * &self.factor.rational;
        if let Some(offset) = from_offset {
            base += offset;
        }
        if let Some(offset) = to_offset {
            base -= offset;
        }
        if to.factor.rational.is_zero() {
            return None;
        }
        Some((base / &to.factor.rational, pi_power))
    }

    /// Whether it is a product with a slash that can be meant in two ways: `kg/m s`.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.name.contains('/') && self.dimension == Dimension::named(self.name.clone(), 1)
    }

    fn added(&self) -> Option<&BigRational> {
        self.offset.as_deref().filter(|offset| !offset.is_zero())
    }
}

/// The name of the unit that a currency sign stands for.
fn currency_name(sign: char) -> Option<&'static str> {
    Some(match sign {
        '$' | '\u{FF04}' => "dollar",
        '¢' => "cent",
        '€' => "euro",
        '£' => "pound sterling",
        '¥' => "yen",
        '₹' => "rupee",
        _ => return None,
    })
}

/// The unit that a currency sign stands for.
pub(crate) fn currency(sign: char) -> Option<Unit> {
    parse(currency_name(sign)?, true)
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
