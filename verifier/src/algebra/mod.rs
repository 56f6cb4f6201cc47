//! Normal forms: expressions as quotients of polynomials with exact coefficients.
//!
//! Two expressions with equal normal forms are equal, and that is a proof. Variables, π and e are
//! the unknowns of the polynomials, and so are the square roots of primes and the imaginary unit,
//! whose squares are known. Whatever else stands in an expression has no normal form here.

pub(crate) mod exact;
mod normal;
mod polynomial;

pub(crate) use normal::{Names, NoForm, normal};
