//! What a unit measures: powers of the seven base quantities of the SI, and of what has none there.

use std::borrow::Cow;

use uom::si;
use uom::typenum::Integer;

/// A product of powers. Length, mass, time, current, temperature, amount and luminous intensity
/// have a place of their own. Angles, bytes, currencies, things counted and units that do not
/// convert are named: 1 Hz is a turn a second and 1 rad/s is not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Dimension {
    base: [i8; 7],
    /// In the order of the names, without zeros.
    named: Vec<(Cow<'static, str>, i8)>,
}

impl Dimension {
    /// A dimension that only the unit of this name has.
    pub(super) fn named(name: impl Into<Cow<'static, str>>, power: i8) -> Self {
        Self { base: [0; 7], named: vec![(name.into(), power)] }
    }

    /// The dimension of a quantity of uom, which knows its powers as types.
    pub(super) fn of<D: si::Dimension + ?Sized>() -> Self {
        Self {
            base: [
                D::L::to_i8(),
                D::M::to_i8(),
                D::T::to_i8(),
                D::I::to_i8(),
                D::Th::to_i8(),
                D::N::to_i8(),
                D::J::to_i8(),
            ],
            named: Vec::new(),
        }
    }

    /// Whether this is a length.
    pub(super) fn is_length(&self) -> bool {
        self.base == [1, 0, 0, 0, 0, 0, 0] && self.named.is_empty()
    }

    /// Multiplies by a power of another dimension; `None` when a power grows out of bounds.
    pub(super) fn multiply(&mut self, other: &Self, power: i8) -> Option<()> {
        for (mine, theirs) in self.base.iter_mut().zip(other.base) {
            *mine = mine.checked_add(theirs.checked_mul(power)?)?;
        }
        for (name, theirs) in &other.named {
            let added = theirs.checked_mul(power)?;
            match self.named.binary_search_by(|(mine, _)| mine.cmp(name)) {
                Ok(at) => {
                    let (_, mine) = self.named.get_mut(at)?;
                    *mine = mine.checked_add(added)?;
                    if *mine == 0 {
                        self.named.remove(at);
                    }
                }
                Err(at) if added != 0 => self.named.insert(at, (name.clone(), added)),
                Err(_) => {}
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_add_and_cancel() {
        let length = Dimension::of::<si::length::Dimension>();
        assert!(length.is_length());
        let mut area = Dimension::default();
        area.multiply(&length, 2).expect("small");
        assert_eq!(area, Dimension::of::<si::area::Dimension>());
        let mut price = Dimension::named("dollar", 1);
        price.multiply(&Dimension::named("apple", 1), -1).expect("small");
        price.multiply(&Dimension::named("apple", 1), 1).expect("small");
        assert_eq!(price, Dimension::named("dollar", 1));
        assert_eq!(area.multiply(&length, i8::MAX), None);
    }
}
