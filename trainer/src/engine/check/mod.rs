//! Holds an engine against the mathematics: every operation, forward and backward, and a whole
//! model, against a plain f64 reference and central differences.
//!
//! It runs on any engine, not only in tests: silent errors in a driver or a kernel show here
//! before they cost a run.

mod difference;
mod operations;
pub mod reference;
mod whole;

use super::Engine;
use crate::model::ModelError;

/// One comparison.
#[derive(Debug, Clone)]
pub struct Check {
    /// What was compared.
    pub name: String,
    /// Largest difference over the largest exact value.
    pub error: f64,
    /// What it may be at most.
    pub bound: f64,
}

impl Check {
    /// Whether the engine is as exact as it should be.
    pub fn passed(&self) -> bool {
        self.error <= self.bound
    }
}

/// Relative error that an engine computing in f32 may have.
pub const F32_BOUND: f64 = 2e-5;

/// Runs all checks on the engines that `make` makes; a few seconds on a CPU.
///
/// # Errors
/// A failing device. What an engine gets wrong is not an error but a check that has not passed.
pub fn selftest<E: Engine>(
    make: impl Fn() -> Result<E, ModelError>,
    bound: f64,
) -> Result<Vec<Check>, ModelError> {
    let mut engine = make()?;
    let noise = difference::Noise::new(5);
    let mut bench = operations::Bench { engine: &mut engine, bound, noise, checks: Vec::new() };
    bench.run()?;
    let mut checks = bench.checks;
    whole::run(make, bound, &mut checks)?;
    Ok(checks)
}
