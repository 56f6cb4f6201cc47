//! AdamW over one parameter, clearing the gradient as it is read.

use rayon::prelude::*;

use crate::engine::AdamW;

/// Values that one task takes.
const BLOCK: usize = 1 << 14;

/// The update of [`crate::engine::Engine::adamw`].
pub(super) fn adamw(
    values: &mut [f32],
    gradient: &mut [f32],
    first: &mut [f32],
    second: &mut [f32],
    update: &AdamW,
) {
    let AdamW { lr, betas: [b1, b2], eps, weight_decay, corrections, gradient_scale } = *update;
    let (keep, rate) = (1.0 - lr * weight_decay, lr / corrections[0]);
    let root = 1.0 / corrections[1].sqrt();
    (values.par_chunks_mut(BLOCK).zip(gradient.par_chunks_mut(BLOCK)))
        .zip(first.par_chunks_mut(BLOCK).zip(second.par_chunks_mut(BLOCK)))
        .for_each(|((values, gradient), (first, second))| {
            let weights = values.iter_mut().zip(gradient);
            for ((value, gradient), (m, v)) in weights.zip(first.iter_mut().zip(second)) {
                let g = *gradient * gradient_scale;
                *m = b1 * *m + (1.0 - b1) * g;
                *v = b2 * *v + (1.0 - b2) * g * g;
                *value = keep * *value - rate * *m / (v.sqrt() * root + eps);
                *gradient = 0.0;
            }
        });
}
