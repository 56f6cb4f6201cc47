use super::circular::{atan, pi};
use super::float::Float;
use super::real::{Real, Side};
use super::{Stop, Work, exponential};

/// A rectangle that contains a complex number. A real number has an imaginary part that is exactly
/// zero, and keeps it wherever the result is certainly real.
#[derive(Clone, Debug)]
pub struct Complex {
    /// Encloses the real part.
    pub re: Real,
    /// Encloses the imaginary part.
    pub im: Real,
}

impl From<Real> for Complex {
    fn from(re: Real) -> Self {
        Self { re, im: Real::zero() }
    }
}

impl Complex {
    /// Exactly zero.
    pub fn zero() -> Self {
        Real::zero().into()
    }

    /// Exactly one.
    pub fn one() -> Self {
        Real::one().into()
    }

    /// The imaginary unit.
    pub fn i() -> Self {
        Self { re: Real::zero(), im: Real::one() }
    }

    /// Whether it is certainly real.
    pub fn is_real(&self) -> bool {
        self.im.is_zero()
    }

    /// Whether it is exactly zero.
    pub fn is_zero(&self) -> bool {
        self.re.is_zero() && self.im.is_zero()
    }

    /// Whether zero may be in it.
    pub fn may_be_zero(&self) -> bool {
        self.re.side() == Side::MaybeZero && self.im.side() == Side::MaybeZero
    }

    /// The real number, when it is certainly one.
    pub fn as_real(&self) -> Option<&Real> {
        self.is_real().then_some(&self.re)
    }

    /// `-z`.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { re: self.re.negated(), im: self.im.negated() }
    }

    /// The complex conjugate.
    #[must_use]
    pub fn conjugate(&self) -> Self {
        Self { re: self.re.clone(), im: self.im.negated() }
    }

    /// `i z`.
    #[must_use]
    pub fn turned(&self) -> Self {
        Self { re: self.im.negated(), im: self.re.clone() }
    }

    /// `z · 2^by`.
    #[must_use]
    pub fn scaled(&self, by: i64) -> Self {
        Self { re: self.re.scaled(by), im: self.im.scaled(by) }
    }

    /// `self + other`.
    ///
    /// # Errors
    /// When the numbers get too large, as in all operations.
    pub fn plus(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        let re = self.re.plus(&other.re, bits)?;
        if self.is_real() && other.is_real() {
            return Ok(re.into());
        }
        Ok(Self { re, im: self.im.plus(&other.im, bits)? })
    }

    /// `self - other`.
    pub fn minus(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        let re = self.re.minus(&other.re, bits)?;
        if self.is_real() && other.is_real() {
            return Ok(re.into());
        }
        Ok(Self { re, im: self.im.minus(&other.im, bits)? })
    }

    /// `self · other`.
    pub fn times(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        if self.is_real() && other.is_real() {
            return Ok(self.re.times(&other.re, bits)?.into());
        }
        let product = |a: &Real, b: &Real| a.times(b, bits + 4);
        Ok(Self {
            re: product(&self.re, &other.re)?.minus(&product(&self.im, &other.im)?, bits)?,
            im: product(&self.re, &other.im)?.plus(&product(&self.im, &other.re)?, bits)?,
        })
    }

    /// `1 / z`: undefined for zero, undecided when zero may be in it.
    pub fn inverse(&self, bits: u32) -> Result<Self, Stop> {
        if self.is_real() {
            return Ok(self.re.inverse(bits)?.into());
        }
        let norm = self.norm(bits + 4)?.inverse(bits + 4)?;
        Ok(Self { re: self.re.times(&norm, bits)?, im: self.im.negated().times(&norm, bits)? })
    }

    /// `self / other`, as [`Complex::inverse`].
    pub fn over(&self, other: &Self, bits: u32) -> Result<Self, Stop> {
        self.times(&other.inverse(bits + 4)?, bits)
    }

    /// `z^n`.
    pub fn power(&self, n: u64, bits: u32) -> Result<Self, Stop> {
        if self.is_real() {
            return Ok(self.re.power(n, bits)?.into());
        }
        let length = 64 - n.leading_zeros();
        let exact = bits + 8 + 3 * length;
        if n == 0 {
            return Ok(Self::one());
        }
        let mut result = self.clone();
        for place in (0..length - 1).rev() {
            result = result.times(&result, exact)?;
            if n >> place & 1 == 1 {
                result = result.times(self, exact)?;
            }
        }
        result.plus(&Self::zero(), bits)
    }

    /// `|z|²`.
    pub fn norm(&self, bits: u32) -> Result<Real, Stop> {
        self.re.squared(bits + 2)?.plus(&self.im.squared(bits + 2)?, bits)
    }

    /// `|z|`.
    pub fn modulus(&self, bits: u32) -> Result<Real, Stop> {
        if self.is_real() {
            return Ok(self.re.absolute());
        }
        if self.re.is_zero() {
            return Ok(self.im.absolute());
        }
        self.norm(bits + 4)?.root(2, bits)
    }

    /// The argument in (-π, π]; undefined for zero.
    pub fn argument(&self, work: &mut Work<'_>) -> Result<Real, Stop> {
        let bits = work.bits;
        let turn = |quarters: i64| -> Result<Real, Stop> {
            pi(bits)?.scaled(-1).times(&Real::integer(quarters), bits)
        };
        if self.is_zero() {
            return Err(Stop::Undefined);
        }
        if self.re.side() == Side::Positive {
            return atan(&self.im.over(&self.re, bits)?, work);
        }
        if self.im.side() != Side::MaybeZero {
            let quarters = if self.im.side() == Side::Positive { 1 } else { -1 };
            let rest = atan(&self.re.over(&self.im, bits)?, work)?;
            return turn(quarters)?.minus(&rest, bits);
        }
        if self.re.side() == Side::Negative && self.im.is_nonnegative() {
            let rest = atan(&self.im.over(&self.re, bits)?, work)?;
            return turn(2)?.plus(&rest, bits);
        }
        Err(Stop::Undecided)
    }

    /// `e^z`.
    pub fn exp(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        let size = exponential::exp(&self.re, work)?;
        if self.is_real() {
            return Ok(size.into());
        }
        let (sin, cos) = super::circular::sin_cos(&self.im, work)?;
        Ok(Self { re: size.times(&cos, bits)?, im: size.times(&sin, bits)? })
    }

    /// The principal logarithm; undefined for zero, undecided at the cut.
    pub fn ln(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        if self.is_real() {
            let size = exponential::ln(&self.re.absolute(), work)?;
            let im = if self.re.side() == Side::Negative { pi(bits)? } else { Real::zero() };
            return Ok(Self { re: size, im });
        }
        let im = self.argument(work)?;
        let re = exponential::ln(&self.norm(bits + 4)?, work)?.scaled(-1);
        Ok(Self { re, im })
    }

    /// The principal square root, whose real part is not negative.
    pub fn sqrt(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        work.charge(8, bits)?;
        if self.is_real() {
            if self.re.is_nonnegative() {
                return Ok(self.re.root(2, bits)?.into());
            }
            if self.re.is_nonpositive() {
                return Ok(Self { re: Real::zero(), im: self.re.negated().root(2, bits)? });
            }
        }
        if self.may_be_zero() {
            return self.root_near_zero(2, bits);
        }
        let more = bits + 8;
        let modulus = self.modulus(more)?;
        if self.re.side() == Side::Positive {
            let re = modulus.plus(&self.re, more)?.scaled(-1).root(2, more)?;
            let im = self.im.over(&re, more)?.scaled(-1);
            return Ok(Self { re, im });
        }
        let upper = if self.im.is_nonnegative() {
            true
        } else if self.im.side() == Side::Negative {
            false
        } else {
            return Err(Stop::Undecided);
        };
        // |z| - re is positive here: re is at most zero, or im is not zero.
        let size = modulus.minus(&self.re, more)?.scaled(-1);
        let size = Real { low: at_least_zero(size.low), high: size.high }.root(2, more)?;
        let im = if upper { size } else { size.negated() };
        let re = self.im.over(&im, more)?.scaled(-1);
        Ok(Self { re, im })
    }

    /// A rectangle around the principal n-th root of a number that may be zero.
    pub(crate) fn root_near_zero(&self, n: u32, bits: u32) -> Result<Self, Stop> {
        let size = Real::point(self.modulus(bits)?.high).root(n, bits)?.high;
        let both = Real { low: size.negated(), high: size.clone() };
        let re = if n == 2 { Real { low: Float::zero(), high: size } } else { both.clone() };
        Ok(Self { re, im: both })
    }

    /// The principal `self^exponent = e^(exponent ln self)`.
    pub fn to_the(&self, exponent: &Self, work: &mut Work<'_>) -> Result<Self, Stop> {
        if self.is_zero() {
            return match exponent.re.side() {
                Side::Positive => Ok(Self::zero()),
                Side::Negative => Err(Stop::Undefined),
                Side::MaybeZero if exponent.re.is_zero() => Err(Stop::Undefined),
                Side::MaybeZero => Err(Stop::Undecided),
            };
        }
        // The logarithm is multiplied by the exponent, and so is its error.
        let more = work.bits + exponent.re.top().max(exponent.im.top()).clamp(0, 64) as u32 + 8;
        let mut finer = work.at(more);
        let ln = self.ln(&mut finer)?;
        let power = ln.times(exponent, more)?;
        power.exp(&mut finer)
    }
}

fn at_least_zero(x: Float) -> Float {
    if x.sign() == num_bigint::Sign::Minus { Float::zero() } else { x }
}
