//! SwiGLU (Shazeer 2020): `silu(gate) · up`.

use rayon::prelude::*;

use super::lanes::exp;
use super::rows::BLOCK;
use crate::engine::Rows;

/// Logistic function.
#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `y = silu(gate) · up`.
pub(super) fn swiglu(gate_up: &[f32], shape: Rows, y: &mut [f32]) {
    let Rows { rows, width } = shape;
    (y[..rows * width].par_chunks_mut(BLOCK * width))
        .zip(gate_up[..rows * 2 * width].par_chunks(BLOCK * 2 * width))
        .for_each(|(y, gate_up)| {
            for (y, gate_up) in y.chunks_mut(width).zip(gate_up.chunks(2 * width)) {
                let (gate, up) = gate_up.split_at(width);
                for ((y, &gate), &up) in y.iter_mut().zip(gate).zip(up) {
                    *y = gate * sigmoid(gate) * up;
                }
            }
        });
}

/// Replaces gates and ups by their gradients: with `s = sigmoid(gate)`,
/// `d_gate = d_y · up · s (1 + gate (1 - s))` and `d_up = d_y · gate · s`.
pub(super) fn swiglu_backward(d_y: &[f32], shape: Rows, gate_up: &mut [f32]) {
    let Rows { rows, width } = shape;
    (gate_up[..rows * 2 * width].par_chunks_mut(BLOCK * 2 * width))
        .zip(d_y[..rows * width].par_chunks(BLOCK * width))
        .for_each(|(gate_up, d_y)| {
            for (gate_up, d_y) in gate_up.chunks_mut(2 * width).zip(d_y.chunks(width)) {
                let (gate, up) = gate_up.split_at_mut(width);
                for ((gate, up), &d_y) in gate.iter_mut().zip(up).zip(d_y) {
                    let s = sigmoid(*gate);
                    let silu = *gate * s;
                    (*gate, *up) = (d_y * *up * (s + silu * (1.0 - s)), d_y * silu);
                }
            }
        });
}
