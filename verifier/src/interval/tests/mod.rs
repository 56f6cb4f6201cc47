//! Tables of identities and of what only looks like one, and laws of enclosures: how both write
//! expressions.

mod identities;
mod laws;

use num_bigint::BigInt;
use num_rational::BigRational;

use super::*;
use crate::budget::Budget;
use crate::value::{Constant, Expr, Function, Series};

pub(super) fn n(n: i64) -> Expr {
    Expr::integer(n)
}

pub(super) fn q(a: i64, b: i64) -> Expr {
    Expr::Number(BigRational::new(a.into(), b.into()))
}

pub(super) fn x() -> Expr {
    Expr::variable("x")
}

pub(super) fn call(function: Function, x: Expr) -> Expr {
    Expr::Call(function, vec![x])
}

pub(super) fn call2(function: Function, x: Expr, y: Expr) -> Expr {
    Expr::Call(function, vec![x, y])
}

pub(super) fn sqrt(x: Expr) -> Expr {
    x.to_the(q(1, 2))
}

pub(super) fn cbrt(x: Expr) -> Expr {
    call2(Function::Root, x, n(3))
}

pub(super) fn ln(x: Expr) -> Expr {
    call(Function::Ln, x)
}

pub(super) fn constant(constant: Constant) -> Expr {
    Expr::Constant(constant)
}

pub(super) fn pi() -> Expr {
    constant(Constant::Pi)
}

pub(super) fn i() -> Expr {
    constant(Constant::I)
}

pub(super) fn exp(x: Expr) -> Expr {
    constant(Constant::E).to_the(x)
}

pub(super) fn tiny(digits: u32) -> Expr {
    Expr::Number(BigRational::new(1.into(), BigInt::from(10).pow(digits)))
}

pub(super) fn sum_to(to: Expr, term: Expr) -> Expr {
    let variable = "k".to_owned();
    Expr::Series(Box::new(Series { product: false, variable, from: n(0), to, term }))
}

pub(super) fn numbers(a: &Expr, b: &Expr) -> Identity {
    same_number(a, b, &mut Budget::default())
}

pub(super) fn functions(a: &Expr, b: &Expr) -> Identity {
    let variables = ["x".to_owned(), "y".to_owned(), "n".to_owned()];
    same_function(a, b, &variables, &mut Budget::default())
}
