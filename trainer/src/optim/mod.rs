//! How gradients become new weights: AdamW with clipping, and the schedule of its learning rate.
//!
//! Weight decay is decoupled and spares what has one dimension (norms and biases); embeddings
//! decay as the matrices do, as in the recipe's training code. The matrices of the layers may
//! learn at another rate than the rest, which is how the recipe moves one rate between widths.

pub mod schedule;

pub use schedule::{Decay, Schedule};

/// Everything that one optimizer step needs besides gradients and moments.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptimStep {
    /// Number of this step, from 1: Adam's bias correction counts with it.
    pub step: u64,
    /// Learning rate of this step, the schedule's factor included.
    pub lr: f64,
    /// Factor on `lr` for the matrices of the layers (not embedding, head, norms, biases):
    /// 1, or [`matrix_lr_scale`].
    pub matrix_lr_scale: f64,
    /// Decay of the first and of the second moment, each in [0, 1).
    pub betas: [f64; 2],
    /// Added to the root of the second moment.
    pub eps: f64,
    /// Decoupled decay of embeddings and matrices, multiplied by the learning rate of each.
    pub weight_decay: f64,
    /// Largest allowed norm of all gradients together; infinite for none.
    pub clip: f64,
}

impl OptimStep {
    /// The recipe's numbers at one step and learning rate, with one rate for all parameters.
    pub fn recipe(step: u64, lr: f64) -> Self {
        Self {
            step,
            lr,
            matrix_lr_scale: 1.0,
            betas: [0.9, 0.95],
            eps: 1e-15,
            weight_decay: 0.1,
            clip: 1.0,
        }
    }
}

/// The recipe's division of the matrices' learning rate by the width: `1 / m_width` where
/// `m_width = d_model / 256`.
pub fn matrix_lr_scale(d_model: usize) -> f64 {
    256.0 / d_model as f64
}

/// Adam's moments of one parameter, in the parameter's own layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Moments {
    /// Hugging Face name of the parameter.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Running mean of the gradient.
    pub first: Vec<f32>,
    /// Running mean of its square.
    pub second: Vec<f32>,
}
