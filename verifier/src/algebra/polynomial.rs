use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::exact;
use crate::budget::{Budget, OverBudget};

/// The most terms of a polynomial.
const MAX_TERMS: usize = 4096;
/// The most bits of a coefficient.
const MAX_BITS: u64 = 1 << 14;

/// What the square of an unknown is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unknown {
    /// The imaginary unit: its square is -1.
    I,
    /// The square root of a prime.
    Root(u32),
    /// A variable or constant, by its place among the names.
    Name(u32),
}

/// Powers of unknowns, in their order; every exponent is positive.
type Monomial = Vec<(Unknown, u32)>;

/// A sum of monomials with coefficients other than zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Polynomial {
    terms: BTreeMap<Monomial, BigRational>,
}

impl Polynomial {
    pub fn constant(value: BigRational) -> Self {
        let mut terms = BTreeMap::new();
        if !value.is_zero() {
            terms.insert(Monomial::new(), value);
        }
        Self { terms }
    }

    pub fn one() -> Self {
        Self::constant(BigRational::one())
    }

    pub fn unknown(unknown: Unknown) -> Self {
        Self { terms: BTreeMap::from([(vec![(unknown, 1)], BigRational::one())]) }
    }

    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn is_one(&self) -> bool {
        self.as_constant().is_some_and(One::is_one)
    }

    /// The value, if it is a number other than zero.
    pub fn as_constant(&self) -> Option<&BigRational> {
        match self.terms.first_key_value() {
            Some((monomial, value)) if self.terms.len() == 1 && monomial.is_empty() => Some(value),
            _ => None,
        }
    }

    /// The rational number that it is; `None` when an unknown is in it.
    pub fn to_rational(&self) -> Option<BigRational> {
        if self.is_zero() { Some(BigRational::zero()) } else { self.as_constant().cloned() }
    }

    /// Whether an unknown that `found` accepts is in it.
    pub fn has(&self, found: impl Fn(Unknown) -> bool) -> bool {
        self.terms.keys().flatten().any(|(unknown, _)| found(*unknown))
    }

    /// The coefficient of the last monomial in their order.
    pub fn leading(&self) -> Option<&BigRational> {
        self.terms.last_key_value().map(|(_, value)| value)
    }

    /// `(a, b)` of `a·x + b` for an unknown `x`, when a and b are numbers.
    pub fn linear_in(&self, unknown: Unknown) -> Option<(BigRational, BigRational)> {
        let (mut slope, mut rest) = (BigRational::zero(), BigRational::zero());
        for (monomial, value) in &self.terms {
            match monomial.as_slice() {
                [] => rest = value.clone(),
                [(only, 1)] if *only == unknown => slope = value.clone(),
                _ => return None,
            }
        }
        (!slope.is_zero()).then_some((slope, rest))
    }

    /// # Errors
    /// Over the bounds on terms, bits or steps.
    pub fn add(mut self, other: &Self, budget: &mut Budget) -> Result<Self, OverBudget> {
        budget.spend(8 * other.terms.len() as u64)?;
        for (monomial, value) in &other.terms {
            self.add_term(monomial.clone(), value.clone());
        }
        self.bounded()
    }

    fn add_term(&mut self, monomial: Monomial, value: BigRational) {
        match self.terms.entry(monomial) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(value);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                *place.get_mut() = exact::sum(place.get(), &value);
                if place.get().is_zero() {
                    place.remove();
                }
            }
        }
    }

    pub fn scaled(mut self, factor: &BigRational) -> Self {
        if factor.is_zero() {
            return Self::constant(BigRational::zero());
        }
        for value in self.terms.values_mut() {
            *value = exact::product(value, factor);
        }
        self
    }

    /// # Errors
    /// Over the bounds on terms, bits or steps.
    pub fn multiply(&self, other: &Self, budget: &mut Budget) -> Result<Self, OverBudget> {
        let limbs = |p: &Self| {
            let bits = |v: &BigRational| v.numer().bits() + v.denom().bits();
            1 + p.terms.values().map(bits).max().unwrap_or(0) / 64
        };
        let cost = limbs(self).saturating_mul(limbs(other)).saturating_add(40);
        let pairs = (self.terms.len() as u64).saturating_mul(other.terms.len() as u64);
        budget.spend(pairs.saturating_mul(cost))?;
        let mut product = Self { terms: BTreeMap::new() };
        for (left, a) in &self.terms {
            for (right, b) in &other.terms {
                let mut value = exact::product(a, b);
                let monomial = joined(left, right, &mut value);
                product.add_term(monomial, value);
            }
        }
        product.bounded()
    }

    /// # Errors
    /// Over the bounds on terms, bits or steps.
    pub fn power(&self, exponent: u32, budget: &mut Budget) -> Result<Self, OverBudget> {
        let mut result = Self::one();
        let mut square = self.clone();
        let mut left = exponent;
        while left > 0 {
            if left & 1 == 1 {
                result = result.multiply(&square, budget)?;
            }
            left >>= 1;
            if left > 0 {
                square = square.multiply(&square, budget)?;
            }
        }
        Ok(result)
    }

    fn bounded(self) -> Result<Self, OverBudget> {
        if self.terms.len() > MAX_TERMS {
            return Err(OverBudget::new(
                "terms",
                format!("an expression has over {MAX_TERMS} terms"),
            ));
        }
        let large = |value: &BigRational| value.numer().bits().max(value.denom().bits()) > MAX_BITS;
        if self.terms.values().any(large) {
            return Err(OverBudget::new("bits", format!("a number has more than {MAX_BITS} bits")));
        }
        Ok(self)
    }
}

/// The product of two monomials; the squares that are known go into the coefficient.
fn joined(left: &Monomial, right: &Monomial, value: &mut BigRational) -> Monomial {
    let mut product = Monomial::with_capacity(left.len() + right.len());
    let (mut a, mut b) = (left.iter().peekable(), right.iter().peekable());
    loop {
        let (unknown, exponent) = match (a.peek(), b.peek()) {
            (Some((x, n)), Some((y, m))) if x == y => {
                let both = (*x, n.saturating_add(*m));
                a.next();
                b.next();
                both
            }
            (Some((x, n)), other) if other.is_none_or(|(y, _)| x < y) => {
                let one = (*x, *n);
                a.next();
                one
            }
            (_, Some((y, m))) => {
                let one = (*y, *m);
                b.next();
                one
            }
            _ => break,
        };
        match unknown {
            Unknown::Name(_) => product.push((unknown, exponent)),
            Unknown::I | Unknown::Root(_) => {
                // Both exponents were one.
                if exponent == 2 {
                    let square = match unknown {
                        Unknown::Root(prime) => BigRational::from_integer(prime.into()),
                        _ => -BigRational::one(),
                    };
                    *value = exact::product(value, &square);
                } else {
                    product.push((unknown, 1));
                }
            }
        }
    }
    product
}
