//! Engines: the devices that the model runs on.
//!
//! The model is written once, over [`Engine`], in fused operations that are worth a kernel each.
//! Where a buffer lives, in which precision, and what scratch an operation needs is the engine's
//! own affair: to the model a buffer is a name. Rules that hold for every engine:
//!
//! - Matrices are row-major; a linear weight is `[outputs, inputs]`, so `y = x Wᵀ + b`.
//! - The row of a buffer is one position of the batch. A buffer may be longer than what an
//!   operation names; the rest is left alone.
//! - Gradients of parameters live with the parameter, in f32, and operations add to them. Sums
//!   are taken in a fixed order: the same inputs on the same device give the same bits.
//! - Inputs are trusted (the model has checked them); only the device itself can fail.
//!
//! The forms of the gradients are those of the usual textbooks and are held against central
//! differences by [`check`], on every engine.

pub mod check;
pub mod cpu;

use crate::model::Batch;

/// The device failed.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A buffer does not fit.
    #[error(
        "{engine}: no memory for {bytes} bytes of {what}; use a shorter context or smaller batch"
    )]
    OutOfMemory {
        /// Name of the engine.
        engine: String,
        /// Size asked for.
        bytes: usize,
        /// What it was for.
        what: String,
    },
}

/// What a buffer is for, so that an engine can choose its precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hidden states and their gradients: in the precision that the engine computes in.
    Activation,
    /// Sums such as `1/rms` and logsumexp: always f32.
    Statistic,
}

/// The four arrays that make up a parameter; all are f32 seen from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The master weights.
    Value,
    /// What backward passes have added up since the last step.
    Gradient,
    /// Adam's first moment.
    FirstMoment,
    /// Adam's second moment.
    SecondMoment,
}

/// A row-wise operation: `rows` positions of `width` values each.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    /// Positions.
    pub rows: usize,
    /// Values a position.
    pub width: usize,
}

/// A linear map of `rows` positions.
#[derive(Debug, Clone, Copy)]
pub struct Linear {
    /// Positions.
    pub rows: usize,
    /// Width of `x`.
    pub inputs: usize,
    /// Width of `y`.
    pub outputs: usize,
}

/// How the queries, keys and values of one position lie side by side:
/// `queries * dim`, then `keys * dim` keys, then as many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heads {
    /// Query heads.
    pub queries: usize,
    /// Key heads, and value heads; query head `h` reads key head `h / (queries / keys)`.
    pub keys: usize,
    /// Width of a head.
    pub dim: usize,
}

impl Heads {
    /// Values a position in a buffer of queries, keys and values.
    pub fn width(self) -> usize {
        (self.queries + 2 * self.keys) * self.dim
    }

    /// Values a position in a buffer of queries or of attention output.
    pub fn q_width(self) -> usize {
        self.queries * self.dim
    }

    /// Query heads that share a key head.
    pub fn group(self) -> usize {
        self.queries / self.keys
    }
}

/// The training objective: `Σ w (cross-entropy + z_loss · logsumexp²)`, in nats.
#[derive(Debug, Clone, Copy)]
pub struct Objective {
    /// Coefficient of the squared logsumexp.
    pub z_loss: f32,
    /// Factor on the gradient only.
    pub scale: f32,
}

/// Sums over the weighted targets of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LossSums {
    /// `Σ w · cross-entropy`, nats.
    pub cross_entropy: f64,
    /// `Σ w · logsumexp²`.
    pub square_lse: f64,
    /// `Σ w`.
    pub weight: f64,
}

/// One parameter's AdamW update, with everything resolved to numbers.
#[derive(Debug, Clone, Copy)]
pub struct AdamW {
    /// Learning rate of this parameter.
    pub lr: f32,
    /// Decay of the moments.
    pub betas: [f32; 2],
    /// Added to the root of the corrected second moment.
    pub eps: f32,
    /// Decoupled decay; 0 for none.
    pub weight_decay: f32,
    /// `1 - beta^step`, for each moment.
    pub corrections: [f32; 2],
    /// Factor on the gradient: what clipping leaves of it.
    pub gradient_scale: f32,
}

/// A device with the operations of a Llama-family decoder.
///
/// Names: `x` is an input, `y` an output, `d_y` the gradient of the loss by `y`. An operation
/// whose text says *adds* needs its target initialised.
pub trait Engine {
    /// An array on the device.
    type Buffer;
    /// A parameter on the device: value, gradient and moments.
    type Param;
    /// A batch on the device, with what the engine derives from it (rotary angles, the tiles of
    /// attention).
    type Inputs;

    /// The device in words, for reports and errors.
    fn name(&self) -> String;

    /// A buffer of `len` values, all 0.
    fn buffer(&mut self, len: usize, kind: Kind) -> Result<Self::Buffer, EngineError>;
    /// Copies values to the start of a buffer.
    fn upload(&mut self, values: &[f32], to: &mut Self::Buffer) -> Result<(), EngineError>;
    /// The first `len` values of a buffer, as f32.
    fn download(&mut self, from: &Self::Buffer, len: usize) -> Result<Vec<f32>, EngineError>;
    /// Sets the first `len` values to 0.
    fn clear(&mut self, buffer: &mut Self::Buffer, len: usize) -> Result<(), EngineError>;

    /// A parameter with these values and all else 0. Moments may take memory at first use only.
    fn param(&mut self, values: &[f32]) -> Result<Self::Param, EngineError>;
    /// One array of a parameter.
    fn read(&mut self, param: &Self::Param, slot: Slot) -> Result<Vec<f32>, EngineError>;
    /// Replaces one array of a parameter; `values` is as long as the parameter.
    fn write(
        &mut self,
        param: &mut Self::Param,
        slot: Slot,
        values: &[f32],
    ) -> Result<(), EngineError>;

    /// Brings a checked batch to the device, with rotary angles `position · theta^(-2i/dim)` for
    /// positions that start again in each document.
    fn inputs(
        &mut self,
        batch: &Batch,
        heads: Heads,
        rope_theta: f64,
    ) -> Result<Self::Inputs, EngineError>;

    /// `y[t] = table[token[t]]`, for rows of `width`.
    fn embed(
        &mut self,
        inputs: &Self::Inputs,
        table: &Self::Param,
        width: usize,
        y: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// Adds `d_y[t]` to the gradient of `table[token[t]]`.
    fn embed_backward(
        &mut self,
        inputs: &Self::Inputs,
        d_y: &Self::Buffer,
        width: usize,
        table: &mut Self::Param,
    ) -> Result<(), EngineError>;

    /// RMSNorm: `y = x · r · g` with `r = 1 / sqrt(mean(x²) + eps)`; `r` of each row goes to `rms`.
    fn norm(
        &mut self,
        x: &Self::Buffer,
        gain: &Self::Param,
        eps: f32,
        shape: Rows,
        y: &mut Self::Buffer,
        rms: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// `sum = x + delta`, and RMSNorm of `sum` as in [`Engine::norm`].
    #[expect(clippy::too_many_arguments, reason = "a fused operation has its operands")]
    fn add_norm(
        &mut self,
        x: &Self::Buffer,
        delta: &Self::Buffer,
        gain: &Self::Param,
        eps: f32,
        shape: Rows,
        sum: &mut Self::Buffer,
        y: &mut Self::Buffer,
        rms: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// Adds the gradient of [`Engine::norm`] by `x` to `d_x`, and by the gain to the gain's:
    /// `d_x += r (g d_y - x r² mean(g d_y x))`, `d_g += Σ d_y x r`.
    fn norm_backward(
        &mut self,
        d_y: &Self::Buffer,
        x: &Self::Buffer,
        rms: &Self::Buffer,
        gain: &mut Self::Param,
        shape: Rows,
        d_x: &mut Self::Buffer,
    ) -> Result<(), EngineError>;

    /// `y = x Wᵀ + b`.
    fn linear(
        &mut self,
        x: &Self::Buffer,
        weight: &Self::Param,
        bias: Option<&Self::Param>,
        shape: Linear,
        y: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// `d_x = d_y W`.
    fn linear_backward_data(
        &mut self,
        d_y: &Self::Buffer,
        weight: &Self::Param,
        shape: Linear,
        d_x: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// Adds `d_yᵀ x` to the gradient of the weight, and `Σ d_y` to that of the bias.
    fn linear_backward_weight(
        &mut self,
        d_y: &Self::Buffer,
        x: &Self::Buffer,
        shape: Linear,
        weight: &mut Self::Param,
        bias: Option<&mut Self::Param>,
    ) -> Result<(), EngineError>;

    /// Turns queries and keys in place by the angles of their positions: value `i` of a head with
    /// value `i + dim/2`, as in Hugging Face Llama.
    fn rope(
        &mut self,
        inputs: &Self::Inputs,
        heads: Heads,
        qkv: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// Turns the gradients of queries and keys back, in place.
    fn rope_backward(
        &mut self,
        inputs: &Self::Inputs,
        heads: Heads,
        d_qkv: &mut Self::Buffer,
    ) -> Result<(), EngineError>;

    /// Causal softmax attention with scale `1/sqrt(dim)` inside each document. `y` is
    /// `[T, queries * dim]`; `lse`, `[T, queries]`, takes each row's logsumexp of scaled scores.
    /// Memory grows linearly with the length of documents.
    fn attention(
        &mut self,
        inputs: &Self::Inputs,
        qkv: &Self::Buffer,
        heads: Heads,
        y: &mut Self::Buffer,
        lse: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// Gradient of [`Engine::attention`] by queries, keys and values.
    #[expect(clippy::too_many_arguments, reason = "a fused operation has its operands")]
    fn attention_backward(
        &mut self,
        inputs: &Self::Inputs,
        qkv: &Self::Buffer,
        y: &Self::Buffer,
        lse: &Self::Buffer,
        d_y: &Self::Buffer,
        heads: Heads,
        d_qkv: &mut Self::Buffer,
    ) -> Result<(), EngineError>;

    /// `y = silu(gate) · up`, where a row of `gate_up` is `width` gates and then `width` ups.
    fn swiglu(
        &mut self,
        gate_up: &Self::Buffer,
        shape: Rows,
        y: &mut Self::Buffer,
    ) -> Result<(), EngineError>;
    /// Replaces gates and ups by their gradients.
    fn swiglu_backward(
        &mut self,
        d_y: &Self::Buffer,
        shape: Rows,
        gate_up: &mut Self::Buffer,
    ) -> Result<(), EngineError>;

    /// Logits and loss in one, in chunks of rows so that the logits of the whole batch never
    /// exist. `shape.outputs` is the vocabulary.
    fn cross_entropy(
        &mut self,
        inputs: &Self::Inputs,
        x: &Self::Buffer,
        head: &Self::Param,
        shape: Linear,
    ) -> Result<LossSums, EngineError>;
    /// [`Engine::cross_entropy`] with its gradient: `d_x` is set, that of `head` is added to.
    fn cross_entropy_backward(
        &mut self,
        inputs: &Self::Inputs,
        x: &Self::Buffer,
        objective: Objective,
        shape: Linear,
        head: &mut Self::Param,
        d_x: &mut Self::Buffer,
    ) -> Result<LossSums, EngineError>;

    /// Variance of the first `len` values of `x`, into value `index` of a statistic.
    fn variance(
        &mut self,
        x: &Self::Buffer,
        len: usize,
        to: &mut Self::Buffer,
        index: usize,
    ) -> Result<(), EngineError>;

    /// Sum of squares of all gradients, taken in the order given.
    fn gradient_square_sum(&mut self, params: &[&Self::Param]) -> Result<f64, EngineError>;
    /// Updates value and moments by the gradient (Loshchilov and Hutter 2019), then clears it:
    /// `m ← β₁m + (1-β₁)g`, `v ← β₂v + (1-β₂)g²`,
    /// `w ← w - lr (λw + (m/c₁) / (sqrt(v/c₂) + eps))`.
    fn adamw(&mut self, param: &mut Self::Param, update: &AdamW) -> Result<(), EngineError>;
}
