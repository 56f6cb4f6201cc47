//! Arithmetic on several tokens side by side.
//!
//! The activations of up to `L` tokens are kept feature by feature: `x[feature][lane]`, one lane a
//! token. A product with a weight matrix then reads the matrix once, as it lies in memory, and
//! multiplies each weight with all lanes in one vector instruction; nothing is packed or
//! transposed. Every lane goes through the same operations in the same order whatever the other
//! lanes hold, so a token's result does not depend on its company, to the last bit.

use rayon::prelude::*;
use wide::f32x8;

/// A weight matrix in single precision, row by row: `rows` outputs of `columns` inputs.
pub(super) struct Matrix {
    data: Vec<f32>,
    columns: usize,
}

impl Matrix {
    /// A matrix from its rows; `data` holds a whole number of rows of `columns`, at least 1.
    pub(super) fn new(data: Vec<f32>, columns: usize) -> Self {
        debug_assert!(columns > 0 && data.len().is_multiple_of(columns));
        Self { data, columns }
    }

    /// One row: of an embedding, the vector of one token.
    pub(super) fn row(&self, index: usize) -> &[f32] {
        &self.data[index * self.columns..][..self.columns]
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.data.len() / self.columns
    }

    /// The product with `x`, which has `columns` features.
    pub(super) fn apply<const L: usize>(&self, x: &[[f32; L]]) -> Vec<[f32; L]> {
        /// Rows that a thread takes at a time: their weights fit into its cache.
        const CHUNK: usize = 64;
        debug_assert_eq!(x.len(), self.columns);
        let mut out = vec![[0.0; L]; self.rows()];
        out.par_chunks_mut(CHUNK)
            .zip(self.data.par_chunks(CHUNK * self.columns))
            .for_each(|(out, weights)| product(weights, x, out));
        out
    }
}

/// Rows whose sums are kept in registers together.
const TILE: usize = 8;

/// Lanes of a vector register. The vector type is explicit because the compiler, left to itself,
/// makes scalar code of these loops.
const WIDTH: usize = 8;

fn product<const L: usize>(weights: &[f32], x: &[[f32; L]], out: &mut [[f32; L]]) {
    let columns = x.len();
    let mut weights = weights.chunks_exact(TILE * columns);
    let mut out = out.chunks_exact_mut(TILE);
    for (weights, out) in weights.by_ref().zip(out.by_ref()) {
        for lane in (0..L).step_by(2 * WIDTH) {
            if lane + 2 * WIDTH <= L {
                tile::<L, 2>(weights, x, lane, out);
            } else {
                tile::<L, 1>(weights, x, lane, out);
            }
        }
    }
    let rest = weights.remainder().chunks_exact(columns);
    for (weights, out) in rest.zip(out.into_remainder()) {
        *out = [0.0; L];
        for (x, weight) in x.iter().zip(weights) {
            for (sum, x) in out.iter_mut().zip(x) {
                *sum = weight.mul_add(*x, *sum);
            }
        }
    }
}

/// `TILE` rows times `W * WIDTH` lanes from `lane` on.
fn tile<const L: usize, const W: usize>(
    weights: &[f32],
    x: &[[f32; L]],
    lane: usize,
    out: &mut [[f32; L]],
) {
    let columns = x.len();
    let rows: [&[f32]; TILE] = std::array::from_fn(|row| &weights[row * columns..][..columns]);
    let mut sums = [[f32x8::ZERO; W]; TILE];
    for (column, x) in x.iter().enumerate() {
        let mut vectors = [f32x8::ZERO; W];
        for (vector, x) in vectors.iter_mut().zip(x[lane..].as_chunks::<WIDTH>().0) {
            *vector = f32x8::new(*x);
        }
        for row in 0..TILE {
            let weight = f32x8::splat(rows[row][column]);
            for w in 0..W {
                sums[row][w] = weight.mul_add(vectors[w], sums[row][w]);
            }
        }
    }
    for (out, sums) in out.iter_mut().zip(sums) {
        for (w, sum) in sums.into_iter().enumerate() {
            out[lane + w * WIDTH..][..WIDTH].copy_from_slice(&sum.to_array());
        }
    }
}

/// `x + y`, into `x`.
pub(super) fn add<const L: usize>(x: &mut [[f32; L]], y: &[[f32; L]]) {
    for (x, y) in x.iter_mut().zip(y) {
        for (x, y) in x.iter_mut().zip(y) {
            *x += y;
        }
    }
}

/// RMSNorm (Zhang and Sennrich 2019): `x / sqrt(mean(x^2) + eps) * weight`.
pub(super) fn rms_norm<const L: usize>(x: &[[f32; L]], weight: &[f32], eps: f32) -> Vec<[f32; L]> {
    let mut squares = [0.0f32; L];
    for x in x {
        for (square, x) in squares.iter_mut().zip(x) {
            *square = x.mul_add(*x, *square);
        }
    }
    let scales = squares.map(|square| 1.0 / (square / x.len() as f32 + eps).sqrt());
    let lanes =
        |x: &[f32; L], weight: f32| std::array::from_fn(|lane| x[lane] * scales[lane] * weight);
    x.iter().zip(weight).map(|(x, &weight)| lanes(x, weight)).collect()
}

/// The gated unit SwiGLU (Shazeer 2020) of a gate and its values, which follow each other:
/// `g / (1 + exp(-g)) * v`, into the first half, which alone is kept.
pub(super) fn swiglu<const L: usize>(gate_up: &mut Vec<[f32; L]>) {
    let half = gate_up.len() / 2;
    let (gates, values) = gate_up.split_at_mut(half);
    gates.par_iter_mut().zip(values).with_min_len(64).for_each(|(gate, value)| {
        for (gate, value) in gate.iter_mut().zip(value) {
            *gate = *gate / (1.0 + exp(-*gate)) * *value;
        }
    });
    gate_up.truncate(half);
}

/// The exponential function to about 2 units in the last place, in operations that the compiler
/// turns into vector instructions; 0 below -87.3 and at most `exp(88)`.
#[inline]
pub(super) fn exp(x: f32) -> f32 {
    let clamped = x.clamp(-87.3, 88.0);
    let n = (clamped * std::f32::consts::LOG2_E).round_ties_even();
    // ln 2 in two parts, so that the difference is exact: exp(x) = 2^n exp(r), |r| <= ln(2) / 2.
    let r = n.mul_add(-0.693_359_4, clamped);
    let r = n.mul_add(2.121_944_4e-4, r);
    // The Taylor polynomial of degree 7; its remainder is below 1e-8.
    let taylor = [1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
    let mut sum = 0.0f32;
    for coefficient in taylor {
        sum = sum.mul_add(r, coefficient);
    }
    // n is from -126 to 127, so the exponent is that of a normal number.
    let power = f32::from_bits(((n as i32 + 127) as u32) << 23);
    if x < -87.3 { 0.0 } else { sum * power }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, test_runner::TestCaseError};

    use super::*;

    fn lanes<const L: usize>(values: &[f32]) -> Vec<[f32; L]> {
        let value = |i: usize| values[i % values.len()];
        (0..values.len() / 2)
            .map(|f| std::array::from_fn(|lane| value(f * 31 + lane * 7)))
            .collect()
    }

    #[test]
    fn exp_is_exp() {
        for x in [-200.0, -87.4, -87.0, -10.3, -1.0, -1e-6, 0.0, 0.3, 1.0, 20.5, 87.9] {
            let (got, want) = (exp(x), f64::from(x).exp());
            let error = (f64::from(got) - want).abs();
            assert!(error <= want * 5e-7 || want < 1e-37, "exp({x}) = {got}, not {want}");
        }
    }

    /// Deterministic weights of a matrix, from a few numbers.
    fn matrix(values: &[f32], rows: usize, columns: usize) -> Matrix {
        let weight = |row: usize, column: usize| values[(row * 13 + column * 5) % values.len()];
        let data = (0..rows).flat_map(|r| (0..columns).map(move |c| weight(r, c))).collect();
        Matrix::new(data, columns)
    }

    /// Whether a product is the sum of products in every lane.
    fn product_holds<const L: usize>(values: &[f32], rows: usize) -> Result<(), TestCaseError> {
        let x = lanes::<L>(values);
        let matrix = matrix(values, rows, x.len());
        prop_assert_eq!(matrix.rows(), rows);
        for (row, got) in matrix.apply(&x).into_iter().enumerate() {
            for (lane, got) in got.into_iter().enumerate() {
                let products = matrix.row(row).iter().zip(&x);
                let want: f64 = products.map(|(w, x)| f64::from(*w) * f64::from(x[lane])).sum();
                prop_assert!((f64::from(got) - want).abs() < 1e-4, "{got} is not {want}");
            }
        }
        Ok(())
    }

    /// Whether a lane among others has the result that it has alone, in the first of 8.
    fn lane_is_its_own<const L: usize>(
        values: &[f32],
        rows: usize,
        noise: f32,
    ) -> Result<(), TestCaseError> {
        let alone: Vec<[f32; 8]> = values.iter().map(|x| std::array::from_fn(|_| *x)).collect();
        let matrix = matrix(values, rows, values.len());
        let alone = matrix.apply(&rms_norm(&alone, values, 1e-5));
        for place in 0..L {
            let among: Vec<[f32; L]> = values
                .iter()
                .map(|x| std::array::from_fn(|lane| if lane == place { *x } else { noise }))
                .collect();
            let among = matrix.apply(&rms_norm(&among, values, 1e-5));
            for (one, other) in alone.iter().zip(among) {
                prop_assert_eq!(one[0].to_bits(), other[place].to_bits());
            }
        }
        Ok(())
    }

    proptest! {
        // From 8 rows on there are whole tiles, with and without rows left over.
        #[test]
        fn a_product_is_the_sum_of_products_in_every_lane(
            values in prop::collection::vec(-2f32..2.0, 4..40),
            rows in 1usize..70,
        ) {
            product_holds::<8>(&values, rows)?;
            product_holds::<16>(&values, rows)?;
            product_holds::<32>(&values, rows)?;
        }

        #[test]
        fn a_lane_does_not_depend_on_the_others(
            values in prop::collection::vec(-2f32..2.0, 1..40),
            rows in 1usize..30,
            noise in -9f32..9.0,
        ) {
            lane_is_its_own::<8>(&values, rows, noise)?;
            lane_is_its_own::<16>(&values, rows, noise)?;
            lane_is_its_own::<32>(&values, rows, noise)?;
        }
    }
}
