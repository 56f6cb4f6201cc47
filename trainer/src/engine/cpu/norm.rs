//! RMSNorm (Zhang and Sennrich 2019), with the residual addition before it.

use rayon::prelude::*;

use super::lanes;
use super::rows::{BLOCK, Scratch, add_row_sum};
use crate::engine::{EngineError, Rows};

fn norm_row(x: &[f32], gain: &[f32], eps: f32, y: &mut [f32]) -> f32 {
    let r = 1.0 / (lanes::square_sum(x) / x.len() as f32 + eps).sqrt();
    for ((y, &x), &gain) in y.iter_mut().zip(x).zip(gain) {
        *y = x * r * gain;
    }
    r
}

/// `y = x r g` a row, `r` into `rms`.
pub(super) fn norm(x: &[f32], gain: &[f32], eps: f32, shape: Rows, y: &mut [f32], rms: &mut [f32]) {
    let Rows { rows, width } = shape;
    let block = BLOCK * width;
    (y[..rows * width].par_chunks_mut(block))
        .zip(rms[..rows].par_chunks_mut(BLOCK))
        .zip(x[..rows * width].par_chunks(block))
        .for_each(|((y, rms), x)| {
            for ((y, r), x) in y.chunks_mut(width).zip(rms).zip(x.chunks(width)) {
                *r = norm_row(x, gain, eps, y);
            }
        });
}

/// `sum = x + delta`, and the norm of `sum`.
#[expect(clippy::too_many_arguments, reason = "a fused operation has its operands")]
pub(super) fn add_norm(
    x: &[f32],
    delta: &[f32],
    gain: &[f32],
    eps: f32,
    shape: Rows,
    sum: &mut [f32],
    y: &mut [f32],
    rms: &mut [f32],
) {
    let Rows { rows, width } = shape;
    let (len, block) = (rows * width, BLOCK * width);
    (sum[..len].par_chunks_mut(block).zip(y[..len].par_chunks_mut(block)))
        .zip(rms[..rows].par_chunks_mut(BLOCK))
        .zip(x[..len].par_chunks(block).zip(delta[..len].par_chunks(block)))
        .for_each(|(((sum, y), rms), (x, delta))| {
            let written = sum.chunks_mut(width).zip(y.chunks_mut(width)).zip(rms);
            let read = x.chunks(width).zip(delta.chunks(width));
            for (((sum, y), r), (x, delta)) in written.zip(read) {
                for ((sum, &x), &delta) in sum.iter_mut().zip(x).zip(delta) {
                    *sum = x + delta;
                }
                *r = norm_row(sum, gain, eps, y);
            }
        });
}

/// `d_x += r (g d_y - x r² mean(g d_y x))`, `d_gain += Σ d_y x r`.
#[expect(clippy::too_many_arguments, reason = "a fused operation has its operands")]
pub(super) fn norm_backward(
    d_y: &[f32],
    x: &[f32],
    rms: &[f32],
    gain: &[f32],
    d_gain: &mut [f32],
    shape: Rows,
    d_x: &mut [f32],
    scratch: &mut Scratch,
) -> Result<(), EngineError> {
    let Rows { rows, width } = shape;
    let (len, block) = (rows * width, BLOCK * width);
    (d_x[..len].par_chunks_mut(block))
        .zip(rms[..rows].par_chunks(BLOCK))
        .zip(x[..len].par_chunks(block).zip(d_y[..len].par_chunks(block)))
        .for_each(|((d_x, rms), (x, d_y))| {
            let read = x.chunks(width).zip(d_y.chunks(width));
            for ((d_x, &r), (x, d_y)) in d_x.chunks_mut(width).zip(rms).zip(read) {
                let mean = lanes::weighted_dot(gain, d_y, x) / width as f32;
                let pull = mean * r * r;
                for (((d_x, &x), &d_y), &gain) in d_x.iter_mut().zip(x).zip(d_y).zip(gain) {
                    *d_x += r * (gain * d_y - x * pull);
                }
            }
        });
    add_row_sum(d_gain, rows, scratch, |row, sum| {
        let (x, d_y) = (&x[row * width..][..width], &d_y[row * width..][..width]);
        for ((sum, &x), &d_y) in sum.iter_mut().zip(x).zip(d_y) {
            *sum += d_y * x * rms[row];
        }
    })
}
