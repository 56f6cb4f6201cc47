//! Rotary positions (Su et al. 2021), half-split as in Hugging Face Llama.

use rayon::prelude::*;

use super::Inputs;
use super::rows::{BLOCK, zeros};
use crate::engine::{EngineError, Heads};

/// Cosines and sines of `position · theta^(-2i/dim)`.
pub(super) struct Angles {
    half: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Angles {
    /// A table for positions below `length`; angles are taken in f64, since at a long context
    /// f32 angles lose digits.
    pub fn new(length: usize, dim: usize, theta: f64) -> Result<Self, EngineError> {
        let half = dim / 2;
        let rates: Vec<f64> = (0..half).map(|i| theta.powf(-2.0 * i as f64 / dim as f64)).collect();
        let mut cos = zeros(length * half, "rotary angles")?;
        let mut sin = zeros(length * half, "rotary angles")?;
        for (position, (cos, sin)) in cos.chunks_mut(half).zip(sin.chunks_mut(half)).enumerate() {
            for ((cos, sin), rate) in cos.iter_mut().zip(sin).zip(&rates) {
                let angle = position as f64 * rate;
                (*cos, *sin) = (angle.cos() as f32, angle.sin() as f32);
            }
        }
        Ok(Self { half, cos, sin })
    }

    fn at(&self, position: usize) -> (&[f32], &[f32]) {
        let range = position * self.half..(position + 1) * self.half;
        (&self.cos[range.clone()], &self.sin[range])
    }
}

/// Turns queries and keys forward by their angles (`direction` 1) or back (-1).
pub(super) fn turn(inputs: &Inputs, heads: Heads, qkv: &mut [f32], direction: f32) {
    let (width, rows) = (heads.width(), inputs.positions.len());
    let turned = (heads.queries + heads.keys) * heads.dim;
    (qkv[..rows * width].par_chunks_mut(BLOCK * width))
        .zip(inputs.positions.par_chunks(BLOCK))
        .for_each(|(block, positions)| {
            for (row, &position) in block.chunks_mut(width).zip(positions) {
                let (cos, sin) = inputs.angles.at(position);
                for head in row[..turned].chunks_mut(heads.dim) {
                    let (low, high) = head.split_at_mut(heads.dim / 2);
                    for (((a, b), &cos), &sin) in low.iter_mut().zip(high).zip(cos).zip(sin) {
                        let sin = direction * sin;
                        (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
                    }
                }
            }
        });
}
