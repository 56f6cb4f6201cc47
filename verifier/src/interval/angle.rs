//! Functions of angles and their inverses: exact where both the ratio and the part of a turn are
//! rational, else enclosed.

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::Stop;
use super::complex::Complex;
use super::evaluate::Evaluator;
use super::quantity::{Quantity, Unit};

impl Evaluator<'_> {
    /// Sine and cosine, exact for multiples of π/6 where they are rational.
    pub(super) fn sin_cos(&mut self, x: &Quantity) -> Result<(Quantity, Quantity), Stop> {
        match x {
            zero if zero.is_zero() => Ok((Quantity::integer(0), Quantity::integer(1))),
            Quantity::Exact(q, Unit::Pi) => {
                let two = BigRational::from_integer(2.into());
                let turn = q - (q / &two).floor() * &two;
                let sixths = &turn * BigRational::from_integer(6.into());
                let place = sixths.is_integer().then(|| sixths.numer().to_u8()).flatten();
                let sin = place.and_then(rational_sine);
                let cos = place.and_then(|place| rational_sine((place + 3) % 12));
                if let (Some(sin), Some(cos)) = (&sin, &cos) {
                    return Ok((sin.clone(), cos.clone()));
                }
                let z = Quantity::multiple(turn, Unit::Pi).enclosure(&mut self.work)?;
                let (inner_sin, inner_cos) = z.sin_cos(&mut self.work)?;
                Ok((
                    sin.unwrap_or_else(|| inner_sin.into()),
                    cos.unwrap_or_else(|| inner_cos.into()),
                ))
            }
            _ => {
                let (sin, cos) = x.enclosure(&mut self.work)?.sin_cos(&mut self.work)?;
                let (sin, cos) = (Quantity::from(sin), Quantity::from(cos));
                self.extent = self.extent.max(sin.extent()).max(cos.extent());
                Ok((sin, cos))
            }
        }
    }

    pub(super) fn tangent(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        if let Quantity::Exact(q, Unit::Pi) = x {
            let part = q - q.floor();
            let quarters = part * BigRational::from_integer(4.into());
            match quarters.is_integer().then(|| quarters.numer().to_u8()).flatten() {
                Some(0) => return Ok(Quantity::integer(0)),
                Some(1) => return Ok(Quantity::integer(1)),
                Some(2) => return Err(Stop::Undefined),
                Some(3) => return Ok(Quantity::integer(-1)),
                _ => {}
            }
        }
        let (sin, cos) = self.sin_cos(x)?;
        self.quotient(&sin, &cos)
    }

    pub(super) fn arcsin(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        match x.as_rational().and_then(rational_arcsine) {
            Some(angle) => Ok(angle),
            None => self.enclosed(x, Complex::asin),
        }
    }

    pub(super) fn arccos(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        match x.as_rational().and_then(rational_arcsine) {
            Some(angle) => quarter_turn().plus(&angle.negated(), &mut self.work),
            None => self.enclosed(x, Complex::acos),
        }
    }

    pub(super) fn arctan(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        match x {
            Quantity::Exact(q, Unit::One) if q.is_zero() => Ok(Quantity::integer(0)),
            Quantity::Exact(q, Unit::One) if q.abs().is_one() => {
                Ok(Quantity::Exact(q / BigRational::from_integer(4.into()), Unit::Pi))
            }
            Quantity::Exact(q, Unit::I) if q.abs().is_one() => Err(Stop::Undefined),
            _ => self.enclosed(x, Complex::atan),
        }
    }
}

/// π/2.
pub(super) fn quarter_turn() -> Quantity {
    Quantity::multiple(BigRational::new(1.into(), 2.into()), Unit::Pi)
}

/// The sine of so many sixths of π, below twelve, when it is rational.
fn rational_sine(sixths: u8) -> Option<Quantity> {
    let halves = match sixths {
        0 | 6 => 0,
        1 | 5 => 1,
        3 => 2,
        7 | 11 => -1,
        9 => -2,
        _ => return None,
    };
    Some(Quantity::rational(BigRational::new(halves.into(), 2.into())))
}

fn rational_arcsine(q: &BigRational) -> Option<Quantity> {
    let halves = q * BigRational::from_integer(2.into());
    let sixths = match halves.is_integer().then(|| halves.numer().to_i8()).flatten()? {
        0 => 0,
        1 => 1,
        -1 => -1,
        2 => 3,
        -2 => -3,
        _ => return None,
    };
    Some(Quantity::multiple(BigRational::new(sixths.into(), 6.into()), Unit::Pi))
}
