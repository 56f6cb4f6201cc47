//! Functions of values: exact where the result is rational or a known part of a turn, else
//! enclosed.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive};

use super::angle::quarter_turn;
use super::complex::Complex;
use super::evaluate::{Evaluator, LogBase};
use super::quantity::{Quantity, Unit};
use super::real::Real;
use super::{Stop, Work};
use crate::value::{Expr, Function};

type Enclosed = fn(&Complex, &mut Work<'_>) -> Result<Complex, Stop>;

impl Evaluator<'_> {
    /// The value of a function.
    pub(super) fn call(
        &mut self,
        function: &Function,
        arguments: &[Expr],
    ) -> Result<Quantity, Stop> {
        if let Function::Unknown(name) = function {
            return Err(Stop::unsupported(format!("the function {name}")));
        }
        let values =
            arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>, _>>()?;
        match (function, values.as_slice()) {
            (Function::Min, [first, rest @ ..]) => self.extreme(first, rest, false),
            (Function::Max, [first, rest @ ..]) => self.extreme(first, rest, true),
            (Function::Gcd, [first, rest @ ..]) => self.divisor(first, rest),
            (Function::Lcm, [first, rest @ ..]) => self.multiple(first, rest),
            (_, [x]) => self.of_one(function, x),
            (Function::Root, [x, n]) => self.root(x, n),
            (Function::Log, [base, x]) => self.logarithm(base, x),
            (Function::Binomial, [n, k]) => self.binomial(n, k),
            (Function::Permutations, [n, k]) => self.permutations(n, k),
            (Function::Mod, [a, m]) => self.remainder(a, m),
            _ => Err(Stop::unsupported("a function of so many arguments")),
        }
    }

    fn of_one(&mut self, function: &Function, x: &Quantity) -> Result<Quantity, Stop> {
        match function {
            Function::Ln => self.ln(x),
            Function::Log => self.common_logarithm(x),
            Function::Sin => Ok(self.sin_cos(x)?.0),
            Function::Cos => Ok(self.sin_cos(x)?.1),
            Function::Tan => self.tangent(x),
            Function::Cot => {
                let (sin, cos) = self.sin_cos(x)?;
                self.quotient(&cos, &sin)
            }
            Function::Sec => self.sin_cos(x)?.1.inverse(&mut self.work),
            Function::Csc => self.sin_cos(x)?.0.inverse(&mut self.work),
            Function::Arcsin => self.arcsin(x),
            Function::Arccos => self.arccos(x),
            Function::Arctan => self.arctan(x),
            Function::Arccot => {
                let arctan = self.arctan(x)?;
                quarter_turn().plus(&arctan.negated(), &mut self.work)
            }
            Function::Arcsec => {
                let inverse = x.inverse(&mut self.work)?;
                self.arccos(&inverse)
            }
            Function::Arccsc => {
                let inverse = x.inverse(&mut self.work)?;
                self.arcsin(&inverse)
            }
            Function::Sinh => Ok(self.sinh_cosh(x)?.0),
            Function::Cosh => Ok(self.sinh_cosh(x)?.1),
            Function::Tanh => {
                let (sinh, cosh) = self.sinh_cosh(x)?;
                self.quotient(&sinh, &cosh)
            }
            Function::Coth => {
                let (sinh, cosh) = self.sinh_cosh(x)?;
                self.quotient(&cosh, &sinh)
            }
            Function::Sech => self.sinh_cosh(x)?.1.inverse(&mut self.work),
            Function::Csch => self.sinh_cosh(x)?.0.inverse(&mut self.work),
            Function::Arsinh => self.enclosed(x, Complex::arsinh),
            Function::Arcosh => self.enclosed(x, Complex::arcosh),
            Function::Artanh => match x.as_rational() {
                Some(q) if q.abs().is_one() => Err(Stop::Undefined),
                _ => self.enclosed(x, Complex::artanh),
            },
            Function::Abs => self.modulus(x),
            Function::Floor => self.floor(x),
            Function::Ceil => Ok(self.floor(&x.negated())?.negated()),
            Function::Factorial => self.factorial(x, 1),
            Function::DoubleFactorial => self.factorial(x, 2),
            Function::Re => Ok(match x {
                Quantity::Exact(_, Unit::I | Unit::IPi) => Quantity::integer(0),
                Quantity::Exact(..) => x.clone(),
                Quantity::Enclosed(z) => z.re.clone().into(),
            }),
            Function::Im => Ok(match x {
                Quantity::Exact(q, Unit::I) => Quantity::rational(q.clone()),
                Quantity::Exact(q, Unit::IPi) => Quantity::Exact(q.clone(), Unit::Pi),
                Quantity::Exact(..) => Quantity::integer(0),
                Quantity::Enclosed(z) => z.im.clone().into(),
            }),
            Function::Conjugate => Ok(match x {
                Quantity::Exact(_, Unit::I | Unit::IPi) => x.negated(),
                Quantity::Exact(..) => x.clone(),
                Quantity::Enclosed(z) => z.conjugate().into(),
            }),
            Function::Arg => self.argument(x),
            _ => Err(Stop::unsupported("a function of one argument")),
        }
    }

    pub(super) fn enclosed(&mut self, x: &Quantity, function: Enclosed) -> Result<Quantity, Stop> {
        let z = x.enclosure(&mut self.work)?;
        let bits = self.work.bits;
        self.work.charge(20, bits)?;
        Ok(function(&z, &mut self.work)?.into())
    }

    pub(super) fn quotient(&mut self, a: &Quantity, b: &Quantity) -> Result<Quantity, Stop> {
        let inverse = b.inverse(&mut self.work)?;
        a.times(&inverse, &mut self.work)
    }

    fn ln(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        if x.as_rational().is_some_and(One::is_one) {
            return Ok(Quantity::integer(0));
        }
        self.enclosed(x, Complex::ln)
    }

    fn common_logarithm(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        match self.bindings.log_base.clone() {
            LogBase::Unknown => Err(Stop::unsupported("a logarithm without a base")),
            LogBase::Ten => self.logarithm(&Quantity::integer(10), x),
            LogBase::E => self.ln(x),
            LogBase::WithLogarithm(q) => {
                let ln = self.ln(x)?;
                self.quotient(&ln, &Quantity::rational(q))
            }
        }
    }

    /// `ln x / ln base`, exact when a small power of one is a small power of the other.
    fn logarithm(&mut self, base: &Quantity, x: &Quantity) -> Result<Quantity, Stop> {
        let (top, bottom) = (self.ln(x)?, self.ln(base)?);
        let ratio = self.quotient(&top, &bottom)?;
        let (Some(base), Some(q), Quantity::Enclosed(z)) =
            (base.as_rational(), x.as_rational(), &ratio)
        else {
            return Ok(ratio);
        };
        if !z.is_real() || !base.is_positive() || !q.is_positive() {
            return Ok(ratio);
        }
        let bits = self.work.bits;
        for n in 1..=4i64 {
            let scaled = z.re.times(&Real::integer(n), bits)?;
            if scaled.top() > 14 {
                break;
            }
            // The nearest integer, which the interval contains if it contains one.
            let nearest = scaled.high.fixed(0);
            if !scaled.contains(&BigRational::from_integer(nearest.clone())) {
                continue;
            }
            let Some(count) = nearest.to_i64() else { break };
            let base_power =
                Quantity::rational(base.clone()).power(count, 1 << 13, &mut self.work)?;
            let power = Quantity::rational(q.clone()).power(n, 1 << 13, &mut self.work)?;
            if base_power.as_rational().is_some() && base_power.as_rational() == power.as_rational()
            {
                return Ok(Quantity::rational(BigRational::new(nearest, BigInt::from(n))));
            }
        }
        Ok(ratio)
    }

    fn sinh_cosh(&mut self, x: &Quantity) -> Result<(Quantity, Quantity), Stop> {
        if x.is_zero() {
            return Ok((Quantity::integer(0), Quantity::integer(1)));
        }
        let (sinh, cosh) = x.enclosure(&mut self.work)?.sinh_cosh(&mut self.work)?;
        // Their quotient is near one and does not show how near.
        let cosh = Quantity::from(cosh);
        self.extent = self.extent.max(cosh.extent());
        Ok((sinh.into(), cosh))
    }

    fn modulus(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        let bits = self.work.bits;
        match x {
            Quantity::Exact(q, Unit::One | Unit::I) => Ok(Quantity::rational(q.abs())),
            Quantity::Exact(q, _) => Ok(Quantity::multiple(q.abs(), Unit::Pi)),
            Quantity::Enclosed(z) => {
                self.work.charge(10, bits)?;
                Ok(z.modulus(bits)?.into())
            }
        }
    }

    fn argument(&mut self, x: &Quantity) -> Result<Quantity, Stop> {
        let turn =
            |halves: i64| Quantity::multiple(BigRational::new(halves.into(), 2.into()), Unit::Pi);
        match x {
            zero if zero.is_zero() => Err(Stop::Undefined),
            Quantity::Exact(q, Unit::One | Unit::Pi) => {
                Ok(if q.is_negative() { turn(2) } else { turn(0) })
            }
            Quantity::Exact(q, _) => Ok(if q.is_negative() { turn(-1) } else { turn(1) }),
            Quantity::Enclosed(z) => Ok(z.argument(&mut self.work)?.into()),
        }
    }

    fn extreme(
        &mut self,
        first: &Quantity,
        rest: &[Quantity],
        larger: bool,
    ) -> Result<Quantity, Stop> {
        let mut best = first.clone();
        best.real(&mut self.work)?;
        for other in rest {
            if let (Some(a), Some(b)) = (best.as_rational(), other.as_rational()) {
                let wanted = if larger { Ordering::Less } else { Ordering::Greater };
                if a.cmp(b) == wanted {
                    best = other.clone();
                }
                continue;
            }
            let (a, b) = (best.real(&mut self.work)?, other.real(&mut self.work)?);
            best = match (a.compare(&b), larger) {
                (Some(Ordering::Less), true) | (Some(Ordering::Greater), false) => other.clone(),
                (Some(_), _) => best,
                (None, _) => a.extreme(&b, larger).into(),
            };
        }
        Ok(best)
    }
}
