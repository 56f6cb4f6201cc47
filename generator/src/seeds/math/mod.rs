//! Word problems of grade-school arithmetic. Every family tells several stories over people, things
//! and numbers, computes the answer itself, and keeps the calculation as `equation` in the seed's
//! `vars`, from which it can be checked again.

mod addition;
mod arithmetic;
mod average;
mod division;
mod fraction;
mod money;
mod multiplication;
mod percent;
mod rate;
mod subtraction;
mod two_step;
mod word_problem;

use super::Family;
use word_problem::WordProblem;

pub(super) const FAMILIES: &[Family] = &[
    arithmetic::FAMILY,
    addition::FAMILY,
    subtraction::FAMILY,
    multiplication::FAMILY,
    division::FAMILY,
    money::FAMILY,
    rate::FAMILY,
    fraction::FAMILY,
    percent::FAMILY,
    average::FAMILY,
    two_step::FAMILY,
];

#[cfg(test)]
mod tests;
