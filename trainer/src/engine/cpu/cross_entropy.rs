//! The output head and its loss in one, so that the logits of a batch never exist as a whole.
//!
//! Rows go in chunks: logits, their softmax and the gradient live in one scratch matrix of
//! bounded size, the gradient in place of the logits. For a row of logits `l` with target `t`,
//! weight `w` and `L = logsumexp(l)`:
//! `loss = w (L - l_t + z L²)` and `d_l = w (softmax(l) (1 + 2 z L) - [t])`.

use rayon::prelude::*;

use super::matmul::{Cores, Mat, MatMut, matmul};
use super::rows::Scratch;
use super::{Inputs, lanes};
use crate::engine::{EngineError, Linear, LossSums, Objective};

/// Most values that the scratch matrix should hold: 96 MiB of logits. Large enough that reading the
/// whole head for each chunk is little beside the product.
pub(super) const CHUNK_VALUES: usize = 24 << 20;

/// Where the gradient goes.
pub(super) struct Gradient<'a> {
    pub objective: Objective,
    /// Set.
    pub d_x: &'a mut [f32],
    /// Added to.
    pub d_head: &'a mut [f32],
}

/// Sums of the loss, and its gradient if asked for; at most `chunk_values` logits (but at least
/// a row of them) exist at once.
pub(super) fn cross_entropy(
    inputs: &Inputs,
    x: &[f32],
    head: &[f32],
    shape: Linear,
    mut gradient: Option<Gradient<'_>>,
    chunk_values: usize,
    scratch: &mut Scratch,
) -> Result<LossSums, EngineError> {
    let Linear { rows, inputs: d, outputs: vocabulary } = shape;
    // Chunks as even as can be: a short last one would be a slow product.
    let chunks = rows.div_ceil((chunk_values / vocabulary).max(1));
    let chunk = rows.div_ceil(chunks);
    let head = Mat::new(head, vocabulary, d, d);
    let mut sums = LossSums::default();
    for start in (0..rows).step_by(chunk) {
        let count = chunk.min(rows - start);
        let weights = &inputs.weights[start..start + count];
        if weights.iter().all(|&weight| weight == 0.0) {
            if let Some(gradient) = &mut gradient {
                gradient.d_x[start * d..][..count * d].fill(0.0);
            }
            continue;
        }
        let logits = scratch.get(count * vocabulary)?;
        let rows = Mat::new(&x[start * d..], count, d, d);
        let target = MatMut::new(logits, count, vocabulary, vocabulary);
        matmul(target, rows, head.t(), false, Cores::All);
        let objective = gradient.as_ref().map(|gradient| gradient.objective);
        let losses: Vec<(f32, f32)> = (logits.par_chunks_mut(vocabulary))
            .zip(&inputs.targets[start..start + count])
            .zip(weights)
            .map(|((logits, &target), &weight)| row(logits, target as usize, weight, objective))
            .collect();
        for (&weight, (cross_entropy, lse)) in weights.iter().zip(losses) {
            if weight > 0.0 {
                let weight = f64::from(weight);
                sums.cross_entropy += weight * f64::from(cross_entropy);
                sums.square_lse += weight * f64::from(lse).powi(2);
                sums.weight += weight;
            }
        }
        if let Some(Gradient { d_x, d_head, .. }) = &mut gradient {
            let d_logits = Mat::new(logits, count, vocabulary, vocabulary);
            let target = MatMut::new(&mut d_x[start * d..], count, d, d);
            matmul(target, d_logits, head, false, Cores::All);
            let target = MatMut::new(d_head, vocabulary, d, d);
            matmul(target, d_logits.t(), rows, true, Cores::All);
        }
    }
    Ok(sums)
}

/// Cross-entropy and logsumexp of one row; the gradient replaces the logits if asked for.
fn row(logits: &mut [f32], target: usize, weight: f32, objective: Option<Objective>) -> (f32, f32) {
    if weight == 0.0 {
        logits.fill(0.0);
        return (0.0, 0.0);
    }
    let largest = lanes::max(logits);
    let of_target = logits[target];
    let total = lanes::exp_in_place(logits, 1.0, largest);
    let lse = largest + total.ln();
    if let Some(Objective { z_loss, scale }) = objective {
        let weight = weight * scale;
        lanes::scale(logits, weight * (1.0 + 2.0 * z_loss * lse) / total);
        logits[target] -= weight;
    }
    (lse - of_target, lse)
}
