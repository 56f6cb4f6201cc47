//! Central differences, and how far an engine's values are from them.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Step of the differences: in f64 it leaves about ten right digits.
const STEP: f64 = 1e-4;

/// A source of values that are the same on every machine.
pub(super) struct Noise(ChaCha8Rng);

impl Noise {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Values between -`size` and `size`.
    pub fn values(&mut self, len: usize, size: f32) -> Vec<f32> {
        (0..len).map(|_| size * (2.0 * self.0.random::<f32>() - 1.0)).collect()
    }

    /// Which of `len` coordinates to look at, at most `limit`.
    pub fn coordinates(&mut self, len: usize, limit: usize) -> Vec<usize> {
        if len <= limit {
            return (0..len).collect();
        }
        (0..limit).map(|_| self.0.random_range(0..len)).collect()
    }
}

/// The same values as f64.
pub(super) fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

/// `Σ a b`.
pub(super) fn dot(a: &[f64], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, &b)| a * f64::from(b)).sum()
}

/// `(f(x + h e) - f(x - h e)) / 2h` for the unit vector `e` of one coordinate.
pub(super) fn derivative(f: impl Fn(&[f64]) -> f64, x: &[f64], coordinate: usize) -> f64 {
    let mut moved = x.to_vec();
    moved[coordinate] = x[coordinate] + STEP;
    let above = f(&moved);
    moved[coordinate] = x[coordinate] - STEP;
    (above - f(&moved)) / (2.0 * STEP)
}

/// Largest difference between what an engine found and the exact values, over the largest exact
/// value. NaN on either side is infinitely wrong.
pub(super) fn error(found: &[f32], exact: &[f64]) -> f64 {
    if found.len() != exact.len() {
        return f64::INFINITY;
    }
    let size = exact.iter().fold(0.0f64, |size, exact| size.max(exact.abs()));
    let mut worst = 0.0f64;
    for (&found, exact) in found.iter().zip(exact) {
        let difference = (f64::from(found) - exact).abs();
        if difference.is_nan() {
            return f64::INFINITY;
        }
        worst = worst.max(difference);
    }
    if worst == 0.0 { 0.0 } else { worst / size }
}

/// [`error`] of a gradient against the differences of `f` at `x`, in the coordinates `at`.
pub(super) fn gradient_error(
    found: &[f32],
    f: impl Fn(&[f64]) -> f64,
    x: &[f32],
    at: &[usize],
) -> f64 {
    if found.len() != x.len() {
        return f64::INFINITY;
    }
    let x = wide(x);
    let exact: Vec<f64> = at.iter().map(|&at| derivative(&f, &x, at)).collect();
    let found: Vec<f32> = at.iter().map(|&at| found[at]).collect();
    error(&found, &exact)
}
