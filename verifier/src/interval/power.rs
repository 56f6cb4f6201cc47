//! Powers and roots of values: exact where they are rational, else enclosed.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};

use super::Stop;
use super::evaluate::Evaluator;
use super::quantity::{Quantity, Unit, size};
use super::real::{Real, Side};

impl Evaluator<'_> {
    /// `e^z`, exact for multiples of iπ/2.
    pub(super) fn exponential(&mut self, exponent: &Quantity) -> Result<Quantity, Stop> {
        match exponent {
            zero if zero.is_zero() => Ok(Quantity::integer(1)),
            Quantity::Exact(q, Unit::IPi) => {
                let turn = Quantity::Exact(q.clone(), Unit::Pi);
                let (sin, cos) = self.sin_cos(&turn)?;
                let sin =
                    sin.times(&Quantity::Exact(BigRational::one(), Unit::I), &mut self.work)?;
                cos.plus(&sin, &mut self.work)
            }
            _ => {
                let exponent = exponent.enclosure(&mut self.work)?;
                Ok(exponent.exp(&mut self.work)?.into())
            }
        }
    }

    /// The principal value of a power.
    pub(super) fn power(&mut self, base: &Quantity, exponent: &Quantity) -> Result<Quantity, Stop> {
        if let Some(exponent) = exponent.as_rational() {
            if exponent.is_integer() {
                return self.integer_power(base, exponent.numer());
            }
            if let (Some(n), Some(count)) = (exponent.denom().to_u32(), exponent.numer().to_i64()) {
                return self.fractional_power(base, count, n);
            }
        }
        if base.as_integer().is_some_and(One::is_one) {
            return Ok(base.clone());
        }
        self.general_power(base, exponent)
    }

    fn general_power(&mut self, base: &Quantity, exponent: &Quantity) -> Result<Quantity, Stop> {
        let base = base.enclosure(&mut self.work)?;
        let exponent = exponent.enclosure(&mut self.work)?;
        let bits = self.work.bits;
        self.work.charge(8, bits)?;
        Ok(base.to_the(&exponent, &mut self.work)?.into())
    }

    fn integer_power(&mut self, base: &Quantity, n: &BigInt) -> Result<Quantity, Stop> {
        if let Some(n) = n.to_i64() {
            return base.power(n, self.limit, &mut self.work);
        }
        match base.as_integer().map(BigInt::to_i8) {
            Some(Some(0)) if n.is_negative() => Err(Stop::Undefined),
            Some(Some(0 | 1)) => Ok(base.clone()),
            Some(Some(-1)) => Ok(Quantity::integer(if n.bit(0) { -1 } else { 1 })),
            _ => Err(Stop::too_large()),
        }
    }

    /// `base^(count/n)` in lowest terms.
    fn fractional_power(&mut self, base: &Quantity, count: i64, n: u32) -> Result<Quantity, Stop> {
        if base.is_zero() {
            return if count > 0 { Ok(Quantity::integer(0)) } else { Err(Stop::Undefined) };
        }
        if let Some(q) = base.as_rational() {
            self.work.charge_exact(size(q))?;
            if let Some(root) = Quantity::exact_root(q, n) {
                return Quantity::rational(root).power(count, self.limit, &mut self.work);
            }
            if let (2, Some(root)) = (n, Quantity::exact_root(&-q, n)) {
                let root = Quantity::multiple(root, Unit::I);
                return root.power(count, self.limit, &mut self.work);
            }
        }
        let z = base.enclosure(&mut self.work)?;
        if n == 2 {
            let root = Quantity::from(z.sqrt(&mut self.work)?);
            return root.power(count, self.limit, &mut self.work);
        }
        if z.is_real() && z.re.is_nonnegative() && n <= 8 {
            let root = Quantity::from(self.real_root(&z.re, n)?);
            return root.power(count, self.limit, &mut self.work);
        }
        if z.may_be_zero() && count > 0 {
            let bits = self.work.bits;
            let root = if n <= 64 { n } else { return Err(Stop::Undecided) };
            self.work.charge(u64::from(root) * u64::from(root), bits)?;
            let root = Quantity::from(z.root_near_zero(root, bits)?);
            return root.power(count, self.limit, &mut self.work);
        }
        let exponent = BigRational::new(count.into(), n.into());
        self.general_power(base, &Quantity::rational(exponent))
    }

    /// The n-th root of a real number that is not negative.
    fn real_root(&mut self, x: &Real, n: u32) -> Result<Real, Stop> {
        let bits = self.work.bits;
        if n <= 8 {
            self.work.charge(4 * u64::from(n) * u64::from(n) + 4, bits)?;
            return x.root(n, bits);
        }
        if x.is_zero() {
            return Ok(Real::zero());
        }
        let mut work = self.work.at(bits + 16);
        let ln = super::exponential::ln(x, &mut work)?;
        let exponent = ln.over(&Real::integer(n), bits + 16)?;
        super::exponential::exp(&exponent, &mut work)
    }

    /// The real root for a real number and an odd n, else the principal one.
    pub(super) fn root(&mut self, x: &Quantity, n: &Quantity) -> Result<Quantity, Stop> {
        let odd = n.as_integer().filter(|n| n.bit(0)).and_then(BigInt::to_i32);
        let Some(odd) = odd else {
            let exponent = n.inverse(&mut self.work)?;
            return self.power(x, &exponent);
        };
        let degree = odd.unsigned_abs();
        let root = self.odd_root(x, degree)?;
        match root {
            Some(root) if odd < 0 => root.inverse(&mut self.work),
            Some(root) => Ok(root),
            None => {
                let exponent = BigRational::new(1.into(), odd.into());
                self.power(x, &Quantity::rational(exponent))
            }
        }
    }

    /// The real root of odd degree, unless the number is not certainly real.
    fn odd_root(&mut self, x: &Quantity, n: u32) -> Result<Option<Quantity>, Stop> {
        if let Some(q) = x.as_rational() {
            self.work.charge_exact(size(q))?;
            if let Some(root) = Quantity::exact_root(&q.abs(), n) {
                let root = if q.is_negative() { -root } else { root };
                return Ok(Some(Quantity::rational(root)));
            }
        }
        let z = x.enclosure(&mut self.work)?;
        let Some(x) = z.as_real() else { return Ok(None) };
        let root = match x.side() {
            Side::Negative => self.real_root(&x.negated(), n)?.negated(),
            Side::MaybeZero => {
                let below = self.real_root(&Real::point(x.low.absolute()), n)?;
                let above = self.real_root(&Real::point(x.high.clone()), n)?;
                Real { low: below.high.negated(), high: above.high }
            }
            Side::Positive => self.real_root(x, n)?,
        };
        Ok(Some(root.into()))
    }
}
