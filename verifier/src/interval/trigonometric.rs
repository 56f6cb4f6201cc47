//! The trigonometric and hyperbolic functions and their inverses, from the exponential function
//! and the logarithm. Real arguments have real results wherever the function is real.

use super::circular::{atan, pi, sin_cos};
use super::complex::Complex;
use super::real::{Real, Side};
use super::{Stop, Work, exponential};

impl Complex {
    /// Sine and cosine.
    ///
    /// # Errors
    /// As all functions here: undefined at a pole, undecided when that is not certain or at a cut.
    pub fn sin_cos(&self, work: &mut Work<'_>) -> Result<(Self, Self), Stop> {
        let bits = work.bits;
        let (sin, cos) = sin_cos(&self.re, work)?;
        if self.is_real() {
            return Ok((sin.into(), cos.into()));
        }
        // sin(a + ib) = sin a cosh b + i cos a sinh b; cos(a + ib) = cos a cosh b - i sin a sinh b.
        let (sinh, cosh) = sinh_cosh(&self.im, work)?;
        Ok((
            Self { re: sin.times(&cosh, bits)?, im: cos.times(&sinh, bits)? },
            Self { re: cos.times(&cosh, bits)?, im: sin.times(&sinh, bits)?.negated() },
        ))
    }

    /// Hyperbolic sine and cosine.
    pub fn sinh_cosh(&self, work: &mut Work<'_>) -> Result<(Self, Self), Stop> {
        if self.is_real() {
            let (sinh, cosh) = sinh_cosh(&self.re, work)?;
            return Ok((sinh.into(), cosh.into()));
        }
        // sinh z = -i sin(iz); cosh z = cos(iz).
        let (sin, cos) = self.turned().sin_cos(work)?;
        Ok((sin.turned().negated(), cos))
    }

    /// Arcsine: `-i ln(iz + √(1 - z²))`.
    pub fn asin(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        let one = Self::one();
        let rest = one.minus(self, bits)?.times(&one.plus(self, bits)?, bits)?;
        if let (Some(x), Some(square)) = (self.as_real(), rest.as_real())
            && square.is_nonnegative()
        {
            let point = Self { re: square.root(2, bits)?, im: x.clone() };
            return Ok(point.argument(work)?.into());
        }
        let root = rest.sqrt(work)?;
        Ok(self.turned().plus(&root, bits)?.ln(work)?.turned().negated())
    }

    /// Arccosine: `π/2 - arcsin z`.
    pub fn acos(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        let one = Self::one();
        let rest = one.minus(self, bits)?.times(&one.plus(self, bits)?, bits)?;
        if let (Some(x), Some(square)) = (self.as_real(), rest.as_real())
            && square.is_nonnegative()
        {
            let point = Self { re: x.clone(), im: square.root(2, bits)? };
            return Ok(point.argument(work)?.into());
        }
        let quarter = Self::from(pi(bits)?.scaled(-1));
        quarter.minus(&self.asin(work)?, bits)
    }

    /// Arctangent: `(ln(1 + iz) - ln(1 - iz)) / 2i`.
    pub fn atan(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        if self.is_real() {
            return Ok(atan(&self.re, work)?.into());
        }
        let turned = self.turned();
        let above = Self::one().plus(&turned, bits)?.ln(work)?;
        let below = Self::one().minus(&turned, bits)?.ln(work)?;
        Ok(above.minus(&below, bits)?.scaled(-1).turned().negated())
    }

    /// Inverse of the hyperbolic sine: `ln(z + √(z² + 1))`.
    pub fn arsinh(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        if self.is_real() && self.re.side() == Side::Negative {
            return Ok(self.negated().arsinh(work)?.negated());
        }
        let root = self.power(2, bits)?.plus(&Self::one(), bits)?.sqrt(work)?;
        self.plus(&root, bits)?.ln(work)
    }

    /// Inverse of the hyperbolic cosine: `ln(z + √(z - 1) √(z + 1))`.
    pub fn arcosh(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        let below = self.minus(&Self::one(), bits)?.sqrt(work)?;
        let above = self.plus(&Self::one(), bits)?.sqrt(work)?;
        self.plus(&below.times(&above, bits)?, bits)?.ln(work)
    }

    /// Inverse of the hyperbolic tangent: `(ln(1 + z) - ln(1 - z)) / 2`.
    pub fn artanh(&self, work: &mut Work<'_>) -> Result<Self, Stop> {
        let bits = work.bits;
        let above = Self::one().plus(self, bits)?.ln(work)?;
        let below = Self::one().minus(self, bits)?.ln(work)?;
        Ok(above.minus(&below, bits)?.scaled(-1))
    }
}

fn sinh_cosh(x: &Real, work: &mut Work<'_>) -> Result<(Real, Real), Stop> {
    let bits = work.bits;
    if x.is_zero() {
        return Ok((Real::zero(), Real::one()));
    }
    // e^x - e^-x loses the leading zeros of a small x.
    let lost = x.bottom().map_or(0, |bottom| (-bottom).max(0));
    if lost > i64::from(bits) {
        // x <= sinh x <= x + x³ and 1 <= cosh x <= 1 + x² for 0 <= x < 1, mirrored below.
        let square = x.squared(bits)?;
        let cosh = Real { low: Real::one().low, high: Real::one().plus(&square, bits)?.high };
        let sinh = x.hull(&x.plus(&x.times(&square, bits)?, bits)?);
        return Ok((sinh, cosh));
    }
    let more = bits + 8 + lost as u32;
    let up = exponential::exp(x, &mut work.at(more))?;
    let down = up.inverse(more)?;
    let sinh = up.minus(&down, bits)?.scaled(-1);
    let cosh = up.plus(&down, bits)?.scaled(-1);
    Ok((sinh, cosh))
}
