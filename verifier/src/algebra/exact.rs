//! Arithmetic of rational numbers that does not look for common divisors where there are none to
//! find: of two integers, which most numbers are.

use num_rational::BigRational;

/// `a + b`: integers need no reduction, and a denominator stays reduced beside an integer.
pub(crate) fn sum(a: &BigRational, b: &BigRational) -> BigRational {
    match (a.is_integer(), b.is_integer()) {
        (true, true) => BigRational::from_integer(a.numer() + b.numer()),
        (true, false) => BigRational::new_raw(a.numer() * b.denom() + b.numer(), b.denom().clone()),
        (false, true) => BigRational::new_raw(b.numer() * a.denom() + a.numer(), a.denom().clone()),
        _ => a + b,
    }
}

/// `a · b`
pub(crate) fn product(a: &BigRational, b: &BigRational) -> BigRational {
    if a.is_integer() && b.is_integer() {
        BigRational::from_integer(a.numer() * b.numer())
    } else {
        a * b
    }
}
