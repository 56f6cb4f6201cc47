//! The forward pass.

use crate::engine::{Engine, EngineError, Heads, Linear, Rows};

use super::ModelConfig;
use super::activations::Activations;
use super::weights::Weights;

/// Sizes of the operations over `rows` positions.
#[derive(Clone, Copy)]
pub(super) struct Shapes {
    pub heads: Heads,
    pub model: Rows,
    pub inner: Rows,
    pub qkv: Linear,
    pub o: Linear,
    pub gate_up: Linear,
    pub down: Linear,
    pub head: Linear,
}

impl Shapes {
    pub fn new(config: &ModelConfig, rows: usize) -> Self {
        let (d, f) = (config.d_model, config.d_ffn);
        let linear = |inputs, outputs| Linear { rows, inputs, outputs };
        Self {
            heads: heads(config),
            model: Rows { rows, width: d },
            inner: Rows { rows, width: f },
            qkv: linear(d, config.qkv_width()),
            o: linear(config.q_width(), d),
            gate_up: linear(d, 2 * f),
            down: linear(f, d),
            head: linear(d, config.vocab_size),
        }
    }
}

/// The head layout of a model.
pub(super) fn heads(config: &ModelConfig) -> Heads {
    Heads { queries: config.n_heads, keys: config.n_kv_heads, dim: config.head_dim }
}

/// Runs the layers; leaves the normed last state in `normed` and every layer's part in place.
pub(super) fn forward<E: Engine>(
    engine: &mut E,
    config: &ModelConfig,
    weights: &Weights<E>,
    inputs: &E::Inputs,
    rows: usize,
    act: &mut Activations<E::Buffer>,
) -> Result<(), EngineError> {
    let shapes = Shapes::new(config, rows);
    let eps = config.rms_eps;
    let Activations { layers: kept, work, .. } = act;
    let normed = &mut work.normed;
    for (index, layer) in weights.layers.iter().enumerate() {
        let (before, rest) = kept.split_at_mut(index);
        let now = &mut rest[0];
        let norm = &layer.attention_norm.param;
        if let Some(last) = before.last() {
            let (x, rms) = (&mut now.x, &mut now.x_rms);
            engine.add_norm(&last.middle, &work.branch, norm, eps, shapes.model, x, normed, rms)?;
            let len = rows * config.d_model;
            engine.variance(&now.x, len, &mut work.variances, index - 1)?;
        } else {
            engine.embed(inputs, &weights.embedding.param, config.d_model, &mut now.x)?;
            engine.norm(&now.x, norm, eps, shapes.model, normed, &mut now.x_rms)?;
        }
        let bias = layer.qkv_bias.as_ref().map(|bias| &bias.param);
        engine.linear(normed, &layer.qkv.param, bias, shapes.qkv, &mut now.qkv)?;
        engine.rope(inputs, shapes.heads, &mut now.qkv)?;
        let lse = &mut now.lse;
        engine.attention(inputs, &now.qkv, shapes.heads, &mut now.attention, lse)?;
        engine.linear(&now.attention, &layer.o.param, None, shapes.o, &mut work.branch)?;
        let (middle, rms) = (&mut now.middle, &mut now.middle_rms);
        let norm = &layer.ffn_norm.param;
        engine.add_norm(&now.x, &work.branch, norm, eps, shapes.model, middle, normed, rms)?;
        engine.linear(normed, &layer.gate_up.param, None, shapes.gate_up, &mut now.gate_up)?;
        engine.swiglu(&now.gate_up, shapes.inner, &mut work.inner)?;
        engine.linear(&work.inner, &layer.down.param, None, shapes.down, &mut work.branch)?;
    }
    let Some(last) = kept.last() else { return Ok(()) };
    let (x, rms) = (&mut work.x, &mut work.x_rms);
    let norm = &weights.norm.param;
    engine.add_norm(&last.middle, &work.branch, norm, eps, shapes.model, x, normed, rms)?;
    let len = rows * config.d_model;
    engine.variance(&work.x, len, &mut work.variances, config.n_layers - 1)
}
