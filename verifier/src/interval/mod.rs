//! Whether two expressions are the same number or the same function, by rigorous interval
//! arithmetic at any precision: every operation rounds outwards, so that the true value is always
//! enclosed. Nothing here is a machine float.
//!
//! [`same_number`] and [`same_function`] decide; [`evaluate`] encloses one value.

mod agreement;
mod angle;
mod circular;
mod complex;
mod constant;
mod decision;
mod discrete;
mod evaluate;
mod exponential;
mod float;
mod function;
mod identity;
mod power;
mod quantity;
mod real;
mod separation;
mod series;
mod stop;
mod survey;
mod trigonometric;

#[cfg(test)]
mod tests;

pub use circular::{atan, pi, sin_cos};
pub use complex::Complex;
pub use evaluate::{Bindings, LogBase, evaluate};
pub use exponential::{exp, ln};
pub use float::{Float, Round};
pub use identity::{Domain, How, Identity, same_function, same_number};
pub use real::{Real, Side};
pub use stop::{Stop, Work};
