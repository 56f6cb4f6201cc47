//! The buffers of one pass: what the forward pass keeps and what the backward pass works in.
//!
//! They are planned for the longest batch seen and reused from then on. A layer keeps its two
//! points of the residual stream, q, k and v, the attention output, gates and ups, and the row
//! statistics; normed states and SwiGLU outputs are cheap and made again in the backward pass.
//! That is `2d + qkv + q + 2f` values a token and layer.

use crate::engine::{Engine, EngineError, Kind};

use super::ModelConfig;

/// What one layer keeps for its backward pass.
pub(super) struct LayerActivations<B> {
    /// Residual stream before attention, `[T, d]`.
    pub x: B,
    /// Residual stream between attention and feed-forward, `[T, d]`.
    pub middle: B,
    /// 1/rms of `x`, `[T]`.
    pub x_rms: B,
    /// 1/rms of `middle`, `[T]`.
    pub middle_rms: B,
    /// Turned queries and keys, and values, `[T, qkv]`.
    pub qkv: B,
    /// Attention output before its projection, `[T, q]`.
    pub attention: B,
    /// Logsumexp of the scores, `[T, heads]`.
    pub lse: B,
    /// Gates and ups, `[T, 2f]`; the backward pass leaves their gradient here.
    pub gate_up: B,
}

/// What the layers share.
pub(super) struct Workspace<B> {
    /// Residual stream after the last layer, `[T, d]`.
    pub x: B,
    /// 1/rms of `x`, `[T]`.
    pub x_rms: B,
    /// The newest normed state, `[T, d]`.
    pub normed: B,
    /// Variance of the residual stream after each layer.
    pub variances: B,
    /// The newest output of a branch, `[T, d]`.
    pub branch: B,
    /// SwiGLU output, `[T, f]`.
    pub inner: B,
    /// Gradient of the residual stream, `[T, d]`.
    pub d_x: B,
    /// Gradient of a branch's input or of the attention output, `[T, max(d, q)]`.
    pub d_branch: B,
    /// Gradient of the SwiGLU output, `[T, f]`.
    pub d_inner: B,
    /// Gradient of queries, keys and values, `[T, qkv]`.
    pub d_qkv: B,
}

/// All buffers of a pass.
pub(super) struct Activations<B> {
    /// Longest batch that fits.
    pub capacity: usize,
    pub layers: Vec<LayerActivations<B>>,
    pub work: Workspace<B>,
}

impl<B> Activations<B> {
    /// Plans the buffers for batches of up to `capacity` tokens.
    pub fn new<E: Engine<Buffer = B>>(
        engine: &mut E,
        config: &ModelConfig,
        capacity: usize,
    ) -> Result<Self, EngineError> {
        let (d, f, q) = (config.d_model, config.d_ffn, config.q_width());
        let qkv = config.qkv_width();
        let mut rows = |width: usize| engine.buffer(capacity * width, Kind::Activation);
        let (x, normed, branch, inner) = (rows(d)?, rows(d)?, rows(d)?, rows(f)?);
        let (d_x, d_branch, d_inner, d_qkv) = (rows(d)?, rows(d.max(q))?, rows(f)?, rows(qkv)?);
        let mut layers = Vec::with_capacity(config.n_layers);
        for _ in 0..config.n_layers {
            layers.push(LayerActivations {
                x: engine.buffer(capacity * d, Kind::Activation)?,
                middle: engine.buffer(capacity * d, Kind::Activation)?,
                x_rms: engine.buffer(capacity, Kind::Statistic)?,
                middle_rms: engine.buffer(capacity, Kind::Statistic)?,
                qkv: engine.buffer(capacity * qkv, Kind::Activation)?,
                attention: engine.buffer(capacity * q, Kind::Activation)?,
                lse: engine.buffer(capacity * config.n_heads, Kind::Statistic)?,
                gate_up: engine.buffer(capacity * 2 * f, Kind::Activation)?,
            });
        }
        let x_rms = engine.buffer(capacity, Kind::Statistic)?;
        let variances = engine.buffer(config.n_layers, Kind::Statistic)?;
        let work =
            Workspace { x, x_rms, normed, variances, branch, inner, d_x, d_branch, d_inner, d_qkv };
        Ok(Self { capacity, layers, work })
    }
}
