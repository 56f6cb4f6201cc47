//! Loops over slices that compile to vector instructions.
//!
//! A sum or a maximum over a slice is kept in [`LANES`] independent parts and joined at the end in
//! a fixed order: the compiler may then use the machine's vectors (it may not reorder a plain
//! float sum), and the result is the same bits on every run.

/// Independent parts of a reduction: one AVX-512 register of f32.
const LANES: usize = 16;

/// Folds a slice lane by lane, then the lanes one after another.
#[inline(always)]
fn reduce(
    x: &[f32],
    zero: f32,
    each: impl Fn(f32, f32) -> f32,
    join: impl Fn(f32, f32) -> f32,
) -> f32 {
    let mut lanes = [zero; LANES];
    let chunks = x.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = each(*lane, value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane = each(*lane, value);
    }
    lanes.into_iter().fold(zero, join)
}

/// Sum of a slice.
pub(super) fn sum(x: &[f32]) -> f32 {
    reduce(x, 0.0, |a, b| a + b, |a, b| a + b)
}

/// Sum of the squares of a slice.
pub(super) fn square_sum(x: &[f32]) -> f32 {
    reduce(x, 0.0, |a, b| a + b * b, |a, b| a + b)
}

/// Largest value of a slice; NaN is passed over, and nothing gives negative infinity.
pub(super) fn max(x: &[f32]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    reduce(x, f32::NEG_INFINITY, larger, larger)
}

/// `Σ a b`, for slices of the same length.
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    for (lane, (&a, &b)) in lanes.iter_mut().zip(rest) {
        *lane += a * b;
    }
    lanes.into_iter().fold(0.0, |a, b| a + b)
}

/// `Σ a b c`, for slices of the same length.
pub(super) fn weighted_dot(a: &[f32], b: &[f32], c: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    for ((a, b), c) in a.chunks(LANES).zip(b.chunks(LANES)).zip(c.chunks(LANES)) {
        for (((lane, &a), &b), &c) in lanes.iter_mut().zip(a).zip(b).zip(c) {
            *lane += a * b * c;
        }
    }
    lanes.into_iter().fold(0.0, |a, b| a + b)
}

/// `to += from`.
pub(super) fn add(to: &mut [f32], from: &[f32]) {
    for (to, &from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// `x *= factor`.
pub(super) fn scale(x: &mut [f32], factor: f32) {
    for x in x {
        *x *= factor;
    }
}

/// Replaces `x` by `exp(factor · x - shift)` and returns the sum of the results.
pub(super) fn exp_in_place(x: &mut [f32], factor: f32, shift: f32) -> f32 {
    let mut lanes = [0.0; LANES];
    let mut chunks = x.chunks_exact_mut(LANES);
    for chunk in &mut chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *value = exp(factor * *value - shift);
            *lane += *value;
        }
    }
    for (lane, value) in lanes.iter_mut().zip(chunks.into_remainder()) {
        *value = exp(factor * *value - shift);
        *lane += *value;
    }
    lanes.into_iter().fold(0.0, |a, b| a + b)
}

/// `e^x` with a relative error below 2e-7 for `x` in [-87, 88], without a call or a branch, so
/// that a loop over it is vectorised. Smaller `x` give about 1e-38, larger ones 1.6e38, NaN NaN.
///
/// `e^x = 2^n e^r` with `n = round(x / ln 2)`, and the polynomial of Cephes' `expf` for `e^r`.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// 1.5 · 2^23: adding it leaves the nearest integer in the low bits.
    const ROUND: f32 = 12_582_912.0;
    /// ln 2 in two parts, the first of few bits so that `n` times it is exact.
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Comparisons, not `clamp` or `max`: NaN must stay NaN.
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = x - n * LN2_HIGH - n * LN2_LOW;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 1.666_666_5e-1;
    p = p * r + 0.5;
    let e_r = p * r * r + r + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23;
    e_r * f32::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn exp_at_the_edges() {
        assert_eq!(exp(0.0), 1.0);
        assert!(exp(f32::NAN).is_nan());
        assert!(exp(f32::NEG_INFINITY) < 2e-38);
        assert!(exp(f32::INFINITY) > 1e38);
    }

    proptest! {
        #[test]
        fn exp_is_close(x in -87.0f32..88.0) {
            let exact = f64::from(x).exp();
            prop_assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2e-7);
        }

        #[test]
        fn reductions_are_those_of_exact_sums(x in prop::collection::vec(-10.0f32..10.0, 0..100)) {
            let exact: f64 = x.iter().map(|&x| f64::from(x)).sum();
            let squares: f64 = x.iter().map(|&x| f64::from(x).powi(2)).sum();
            let largest = x.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            prop_assert!((f64::from(sum(&x)) - exact).abs() < 1e-3);
            prop_assert!((f64::from(square_sum(&x)) - squares).abs() < 1e-2);
            prop_assert!((f64::from(dot(&x, &x)) - squares).abs() < 1e-2);
            let ones = vec![1.0; x.len()];
            prop_assert!((f64::from(weighted_dot(&x, &ones, &x)) - squares).abs() < 1e-2);
            prop_assert_eq!(max(&x), largest);
        }

        #[test]
        fn exp_in_place_sums_what_it_writes(
            x in prop::collection::vec(-5.0f32..5.0, 1..80), factor in 0.1f32..2.0,
        ) {
            let mut y = x.clone();
            let total = exp_in_place(&mut y, factor, 1.0);
            for (x, y) in x.iter().zip(&y) {
                let exact = (f64::from(factor) * f64::from(*x) - 1.0).exp();
                prop_assert!((f64::from(*y) / exact - 1.0).abs() < 3e-6);
            }
            prop_assert!((total / y.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}
