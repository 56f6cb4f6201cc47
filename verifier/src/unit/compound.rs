//! A product of units as one.

use std::borrow::Cow;

use super::dimension::Dimension;
use super::factor::Factor;
use super::table::{Found, look_up, two_words};
use super::term::Term;
use super::{Kind, Unit};

/// A unit in a product as it is written.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) term: Term,
    /// Whether it stands behind a slash.
    pub(super) over: bool,
}

/// All powers together.
const MAX_POWERS: u32 = 24;

/// One unit of its pieces; `None` when a power is out of bounds or nothing remains of one.
pub(super) fn compound(pieces: &[Piece]) -> Option<Unit> {
    let kind = pieces.first()?.term.kind;
    let powers: u32 = pieces.iter().map(|piece| u32::from(piece.term.power.unsigned_abs())).sum();
    if powers > MAX_POWERS {
        return None;
    }
    let divided = pieces.iter().position(|piece| piece.over).unwrap_or(pieces.len());
    let near = with_temperature(pieces, divided);
    let pieces = near.as_deref().unwrap_or(pieces);
    // `kg/m s` is kg/(m s) to some and (kg/m) s to others: it is only the same as itself.
    let ambiguous = pieces
        .iter()
        .enumerate()
        .any(|(at, piece)| at > divided && !piece.over || piece.over && piece.term.power < 0);
    if ambiguous {
        return Some(incomparable(as_written(pieces), kind));
    }
    let terms = merged(pieces)?;
    match pound(&terms) {
        Pound::Mass => {}
        Pound::Force(found) => {
            let name = found.name.into_owned();
            let factor = found.meaning.factor.clone();
            let dimension = found.meaning.dimension.clone();
            return Some(Unit { name, kind, factor, offset: None, dimension });
        }
        Pound::Either => return Some(incomparable(normal(&terms), kind)),
    }
    let name = normal(&terms);
    let mut factor = Factor::one();
    let mut dimension = Dimension::default();
    for term in &terms {
        factor.multiply(&term.meaning.factor, term.power)?;
        if let Some(prefix) = term.prefix {
            factor.multiply(&prefix.factor, term.power)?;
        }
        dimension.multiply(&term.meaning.dimension, term.power)?;
    }
    // In a product degrees are differences.
    let offset = match terms.as_slice() {
        [term] if term.power == 1 && term.prefix.is_none() => {
            term.meaning.offset.clone().map(Box::new)
        }
        _ => None,
    };
    Some(Unit { name, kind, factor, offset, dimension })
}

/// `J/mol K` and `W/m²·°C` as everybody means them: no unit has a temperature above the line and
/// something else below it.
fn with_temperature(pieces: &[Piece], divided: usize) -> Option<Vec<Piece>> {
    let last = pieces.last().filter(|last| {
        let kelvin = matches!(last.term.name.as_ref(), "K" | "kelvin" | "°C");
        kelvin && !last.over && last.term.power == 1
    })?;
    let (before, _) = pieces.split_at_checked(pieces.len() - 1)?;
    let plain = before
        .iter()
        .enumerate()
        .all(|(at, piece)| piece.over == (at >= divided) && (!piece.over || piece.term.power > 0));
    if before.len() <= divided || !plain {
        return None;
    }
    let mut near = before.to_vec();
    near.push(Piece { term: last.term.clone(), over: true });
    Some(near)
}

/// A unit that is only the same as itself.
fn incomparable(name: String, kind: Kind) -> Unit {
    let dimension = Dimension::named(name.clone(), 1);
    Unit { name, kind, factor: Factor::one(), offset: None, dimension }
}

/// What a pound in a product is.
enum Pound {
    Mass,
    /// A part of this unit.
    Force(Found),
    Either,
}

/// Whether a pound weighs or presses: in foot-pounds and pounds per square inch it is a force; per
/// inch, per square foot and in `ft lb/s` it may be either.
fn pound(terms: &[Term]) -> Pound {
    let power_of = |names: [&str; 2]| {
        let found = terms.iter().find(|term| names.contains(&term.name.as_ref()));
        found.map_or(0, |term| term.power)
    };
    let pounds = power_of(["lb", "pound"]);
    let (feet, inches) = (power_of(["ft", "foot"]), power_of(["in", "inch"]));
    let found = match (pounds, feet, inches, terms.len()) {
        (1, 1, 0, 2) => two_words("foot", "pound"),
        (1, 0, -2, 2) => look_up("psi"),
        (1, -1 | -2, 0, 2) | (1, 0, -1, 2) => return Pound::Either,
        (0, ..) | (_, 0, 0, _) => None,
        (pounds, feet, inches, _) if pounds == feet || pounds == inches => return Pound::Either,
        _ => None,
    };
    found.map_or(Pound::Mass, Pound::Force)
}

/// Each unit once, with the power it has in all.
fn merged(pieces: &[Piece]) -> Option<Vec<Term>> {
    let mut terms: Vec<Term> = Vec::with_capacity(pieces.len());
    for Piece { term, over } in pieces {
        let power = if *over { -term.power } else { term.power };
        match terms.iter_mut().find(|other| other.name == term.name) {
            Some(other) => other.power = other.power.checked_add(power)?,
            None => terms.push(Term { power, ..term.clone() }),
        }
    }
    terms.iter().all(|term| term.power != 0).then_some(terms)
}

/// `kg m/s^2`, `J/(mol K)`, `mile/hour`, `square foot`.
fn normal(terms: &[Term]) -> String {
    if let [term] = terms
        && term.power == 1
    {
        return term.name.clone().into_owned();
    }
    let product = |sign: i8, of_sign: bool| {
        let mut text = String::new();
        let mut words = false;
        for term in terms.iter().filter(|term| !of_sign || term.power.signum() == sign) {
            if !text.is_empty() {
                text.push(if words || term.word { '×' } else { ' ' });
            }
            words = term.word;
            text.push_str(&raised(term, if of_sign { term.power.abs() } else { term.power }));
        }
        text
    };
    let above = product(1, true);
    if above.is_empty() {
        return product(-1, false);
    }
    let below = product(-1, true);
    match terms.iter().filter(|term| term.power < 0).count() {
        0 => above,
        1 => format!("{above}/{below}"),
        _ => format!("{above}/({below})"),
    }
}

/// The pieces in their order.
fn as_written(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for Piece { term, over } in pieces {
        if *over {
            text.push('/');
        } else if !text.is_empty() {
            text.push('×');
        }
        text.push_str(&raised(term, term.power));
    }
    text
}

/// A unit with a power.
fn raised(term: &Term, power: i8) -> Cow<'_, str> {
    let name = &term.name;
    match power {
        1 => Cow::Borrowed(name),
        2 if term.word => Cow::Owned(format!("square {name}")),
        3 if term.word => Cow::Owned(format!("cubic {name}")),
        _ => Cow::Owned(format!("{name}^{power}")),
    }
}
