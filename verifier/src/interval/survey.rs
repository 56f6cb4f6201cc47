use std::hash::{Hash, Hasher};

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::Stop;
use crate::budget::{Budget, OverBudget};
use crate::value::{Constant, Expr, Function};

/// What a walk over expressions finds before anything is computed.
#[derive(Debug)]
pub(super) struct Survey {
    /// The bits of all numbers together.
    pub bits: u64,
    /// Whether a logarithm without a base is there.
    pub bare_logarithm: bool,
    /// Whether something is there that is only meant for integers.
    pub discrete: bool,
    /// Whether all numbers in it are real, so that only real values are meant.
    pub real: bool,
    /// Whether it may bend or break off somewhere: `|x - 100|`, `\sqrt{x}`.
    pub bent: bool,
    /// Whether it may grow faster than any power, so that points far out cost too much.
    pub grows: bool,
    /// Some of its numbers, near which it may bend; positive.
    pub turns: Vec<BigRational>,
    hash: Fnv,
}

/// The hash of Fowler, Noll and Vo: the same on every run.
#[derive(Debug)]
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Survey {
    /// Walks over both expressions.
    pub(super) fn of(a: &Expr, b: &Expr, budget: &mut Budget) -> Result<Self, Stop> {
        let mut survey = Self {
            bits: 0,
            bare_logarithm: false,
            discrete: false,
            real: true,
            bent: false,
            grows: false,
            turns: Vec::new(),
            hash: Fnv(0xcbf2_9ce4_8422_2325),
        };
        survey.walk(a, 0, budget)?;
        survey.walk(b, 0, budget)?;
        Ok(survey)
    }

    /// A number that depends on both expressions in all their parts.
    pub(super) fn seed(&self) -> u64 {
        self.hash.finish()
    }

    /// How far from zero the last bend may lie at most, roughly: the product of all numbers, each
    /// or its reciprocal.
    pub(super) fn reach(&self) -> BigRational {
        let most = BigRational::from_integer((1u64 << if self.grows { 5 } else { 40 }).into());
        let mut reach = BigRational::one();
        for turn in &self.turns {
            reach *= if *turn < BigRational::one() { turn.recip() } else { turn.clone() };
            if reach > most {
                return most;
            }
        }
        reach
    }

    /// Remembers a number near which a function may bend.
    fn turn(&mut self, number: &BigRational) {
        /// How many numbers of how many bits are of use.
        const MOST: usize = 8;
        const BITS: u64 = 64;
        let size = number.abs();
        let small = number.numer().bits() + number.denom().bits() < BITS;
        if small && self.turns.len() < MOST && !size.is_zero() && !size.is_one() {
            self.turns.push(size);
        }
    }

    fn walk(&mut self, expr: &Expr, depth: usize, budget: &mut Budget) -> Result<(), Stop> {
        budget.spend(2)?;
        if depth > 4 * Expr::MAX_DEPTH {
            return Err(OverBudget::new("depth", "the expression is nested too deeply").into());
        }
        let depth = depth + 1;
        std::mem::discriminant(expr).hash(&mut self.hash);
        let parts: &[Expr] = match expr {
            Expr::Number(q) => {
                budget.spend(super::quantity::size(q) / 64)?;
                self.bits += super::quantity::size(q) - u64::from(q.is_integer());
                self.turn(q);
                q.numer().sign().hash(&mut self.hash);
                for digit in q.numer().iter_u64_digits().chain(q.denom().iter_u64_digits()) {
                    self.hash.write_u64(digit);
                }
                return Ok(());
            }
            Expr::Constant(constant) => {
                self.real &= *constant != Constant::I;
                constant.hash(&mut self.hash);
                return Ok(());
            }
            Expr::Variable(name) => {
                name.hash(&mut self.hash);
                return Ok(());
            }
            Expr::Power(base, exponent) => {
                let negative = base.as_number().is_some_and(|q| *q.numer() < 0.into());
                self.discrete |= negative && exponent.as_number().is_none();
                self.bent |= exponent.as_number().is_some_and(|q| !q.is_integer());
                self.grows |= exponent.as_number().is_none();
                self.walk(base, depth, budget)?;
                return self.walk(exponent, depth, budget);
            }
            Expr::Series(series) => {
                self.discrete = true;
                series.product.hash(&mut self.hash);
                series.variable.hash(&mut self.hash);
                self.walk(&series.from, depth, budget)?;
                self.walk(&series.to, depth, budget)?;
                return self.walk(&series.term, depth, budget);
            }
            Expr::Sum(parts) | Expr::Product(parts) => parts,
            Expr::Call(function, arguments) => {
                function.hash(&mut self.hash);
                self.bent = true;
                self.real &= !matches!(
                    function,
                    Function::Re | Function::Im | Function::Conjugate | Function::Arg
                );
                self.bare_logarithm |= *function == Function::Log && arguments.len() == 1;
                self.discrete |= matches!(
                    function,
                    Function::Factorial
                        | Function::DoubleFactorial
                        | Function::Binomial
                        | Function::Permutations
                        | Function::Gcd
                        | Function::Lcm
                        | Function::Mod
                        | Function::Floor
                        | Function::Ceil
                );
                arguments
            }
        };
        self.hash.write_usize(parts.len());
        parts.iter().try_for_each(|part| self.walk(part, depth, budget))
    }
}
