//! Functions of integers: exact, as their arguments must be.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::Stop;
use super::evaluate::{EXACT_BITS, Evaluator, integer, natural};
use super::quantity::{Quantity, size};

/// The largest factorial: 1700! has a little less than [`EXACT_BITS`] bits.
const MAX_FACTORIAL: u64 = 1700;
/// Factors of a binomial coefficient.
const MAX_FACTORS: u64 = 4096;

impl Evaluator<'_> {
    pub(super) fn floor(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        if let Some(q) = x.as_rational() {
            self.work.charge_exact(size(q))?;
            return Ok(Quantity::rational(q.floor()));
        }
        Ok(Quantity::integer(x.real(&mut self.work)?.floor()?))
    }

    /// `n (n - step) (n - 2 step) …` down to the last positive factor.
    pub(super) fn factorial(&mut self, n: &Quantity, step: usize) -> Result<Quantity, Stop> {
        let n = natural(n)?;
        if n > MAX_FACTORIAL {
            return Err(Stop::too_large());
        }
        self.work.spend(4 * n + n * n / 64)?;
        let factors = (1..=n).rev().step_by(step);
        Ok(Quantity::integer(factors.fold(BigInt::one(), |product, factor| product * factor)))
    }

    /// `n (n - 1) … (n - k + 1)`, divided by `k!` when asked.
    fn falling(&mut self, n: &Quantity, k: u64, divided: bool) -> Result<Quantity, Stop> {
        if k > MAX_FACTORS {
            return Err(Stop::too_large());
        }
        let mut product = Quantity::integer(1);
        for i in 0..k {
            let factor = n.plus(&Quantity::integer(-BigInt::from(i)), &mut self.work)?;
            product = product.times(&factor, &mut self.work)?;
            if divided {
                let divisor = BigRational::new_raw(BigInt::one(), BigInt::from(i + 1));
                product = product.times(&Quantity::rational(divisor), &mut self.work)?;
            }
            product = product.bounded(self.limit.min(EXACT_BITS), &mut self.work)?;
        }
        Ok(product)
    }

    pub(super) fn binomial(&mut self, n: &Quantity, k: &Quantity) -> Result<Quantity, Stop> {
        let k = integer(k)?;
        if k.is_negative() {
            return Ok(Quantity::integer(0));
        }
        let mut count = k.clone();
        if let Some(n) = n.as_integer().filter(|n| !n.is_negative()) {
            if k > n {
                return Ok(Quantity::integer(0));
            }
            count = count.min(n - k);
        }
        let count = count.to_u64().ok_or_else(Stop::too_large)?;
        self.falling(n, count, true)
    }

    pub(super) fn permutations(&mut self, n: &Quantity, k: &Quantity) -> Result<Quantity, Stop> {
        let k = natural(k)?;
        if n.as_integer().is_some_and(|n| !n.is_negative() && *n < BigInt::from(k)) {
            return Ok(Quantity::integer(0));
        }
        self.falling(n, k, false)
    }

    fn common(&mut self, a: &BigInt, b: &BigInt) -> Result<BigInt, Stop> {
        let bits = a.bits() + b.bits();
        self.work.charge_exact(bits)?;
        let (mut a, mut b) = (a.abs(), b.abs());
        while !b.is_zero() {
            let rest = &a % &b;
            a = std::mem::replace(&mut b, rest);
        }
        Ok(a)
    }

    pub(super) fn divisor(
        &mut self,
        first: &Quantity,
        rest: &[Quantity],
    ) -> Result<Quantity, Stop> {
        let mut divisor = integer(first)?.abs();
        for other in rest {
            divisor = self.common(&divisor, integer(other)?)?;
        }
        Ok(Quantity::integer(divisor))
    }

    pub(super) fn multiple(
        &mut self,
        first: &Quantity,
        rest: &[Quantity],
    ) -> Result<Quantity, Stop> {
        let mut multiple = integer(first)?.abs();
        for other in rest {
            let other = integer(other)?;
            let divisor = self.common(&multiple, other)?;
            if divisor.is_zero() {
                return Ok(Quantity::integer(0));
            }
            multiple = multiple / divisor * other.abs();
            if multiple.bits() > EXACT_BITS {
                return Err(Stop::too_large());
            }
        }
        Ok(Quantity::integer(multiple))
    }

    /// `a - m ⌊a/m⌋` for a positive m.
    pub(super) fn remainder(&mut self, a: &Quantity, m: &Quantity) -> Result<Quantity, Stop> {
        let Some(m) = m.as_rational().cloned() else { return Err(Stop::Undecided) };
        if !m.is_positive() {
            return Err(Stop::Undefined);
        }
        let inverse = Quantity::rational(m.clone()).inverse(&mut self.work)?;
        let ratio = a.times(&inverse, &mut self.work)?;
        let whole = self.floor(&ratio)?.times(&Quantity::rational(m), &mut self.work)?;
        a.plus(&whole.negated(), &mut self.work)
    }
}
