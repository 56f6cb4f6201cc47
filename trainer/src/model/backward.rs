//! The backward pass, layer by layer from the last, adding to the gradients of the weights.
//!
//! Throughout, `d_x` is the gradient of the residual stream at the point reached: each branch
//! adds its part to it.

use crate::engine::{Engine, EngineError};

use super::ModelConfig;
use super::activations::{Activations, LayerActivations, Workspace};
use super::forward::Shapes;
use super::weights::{Layer, Weights};

/// Takes the gradient of the normed last state, in `d_branch`, back to the embedding.
pub(super) fn backward<E: Engine>(
    engine: &mut E,
    config: &ModelConfig,
    weights: &mut Weights<E>,
    inputs: &E::Inputs,
    rows: usize,
    act: &mut Activations<E::Buffer>,
) -> Result<(), EngineError> {
    let shapes = Shapes::new(config, rows);
    let Activations { layers: kept, work, .. } = act;
    engine.clear(&mut work.d_x, rows * config.d_model)?;
    let norm = &mut weights.norm.param;
    let d_x = &mut work.d_x;
    engine.norm_backward(&work.d_branch, &work.x, &work.x_rms, norm, shapes.model, d_x)?;
    for (layer, kept) in weights.layers.iter_mut().zip(kept.iter_mut()).rev() {
        feed_forward(engine, config, layer, &shapes, kept, work)?;
        attention(engine, config, layer, inputs, &shapes, kept, work)?;
    }
    engine.embed_backward(inputs, &work.d_x, config.d_model, &mut weights.embedding.param)
}

fn feed_forward<E: Engine>(
    engine: &mut E,
    config: &ModelConfig,
    layer: &mut Layer<E>,
    shapes: &Shapes,
    kept: &mut LayerActivations<E::Buffer>,
    work: &mut Workspace<E::Buffer>,
) -> Result<(), EngineError> {
    let down = &mut layer.down.param;
    engine.swiglu(&kept.gate_up, shapes.inner, &mut work.inner)?;
    engine.linear_backward_weight(&work.d_x, &work.inner, shapes.down, down, None)?;
    engine.linear_backward_data(&work.d_x, down, shapes.down, &mut work.d_inner)?;
    engine.swiglu_backward(&work.d_inner, shapes.inner, &mut kept.gate_up)?;

    let (norm, gate_up) = (&mut layer.ffn_norm.param, &mut layer.gate_up.param);
    let (middle, rms) = (&kept.middle, &mut kept.middle_rms);
    engine.norm(middle, norm, config.rms_eps, shapes.model, &mut work.normed, rms)?;
    let d_gate_up = &kept.gate_up;
    engine.linear_backward_weight(d_gate_up, &work.normed, shapes.gate_up, gate_up, None)?;
    engine.linear_backward_data(d_gate_up, gate_up, shapes.gate_up, &mut work.d_branch)?;
    engine.norm_backward(&work.d_branch, middle, rms, norm, shapes.model, &mut work.d_x)
}

fn attention<E: Engine>(
    engine: &mut E,
    config: &ModelConfig,
    layer: &mut Layer<E>,
    inputs: &E::Inputs,
    shapes: &Shapes,
    kept: &mut LayerActivations<E::Buffer>,
    work: &mut Workspace<E::Buffer>,
) -> Result<(), EngineError> {
    let (heads, o) = (shapes.heads, &mut layer.o.param);
    engine.linear_backward_weight(&work.d_x, &kept.attention, shapes.o, o, None)?;
    engine.linear_backward_data(&work.d_x, o, shapes.o, &mut work.d_branch)?;
    let (y, d_y, d_qkv) = (&kept.attention, &work.d_branch, &mut work.d_qkv);
    engine.attention_backward(inputs, &kept.qkv, y, &kept.lse, d_y, heads, d_qkv)?;
    engine.rope_backward(inputs, heads, d_qkv)?;

    let (norm, qkv) = (&mut layer.attention_norm.param, &mut layer.qkv.param);
    let (x, rms) = (&kept.x, &mut kept.x_rms);
    engine.norm(x, norm, config.rms_eps, shapes.model, &mut work.normed, rms)?;
    let bias = layer.qkv_bias.as_mut().map(|bias| &mut bias.param);
    engine.linear_backward_weight(d_qkv, &work.normed, shapes.qkv, qkv, bias)?;
    engine.linear_backward_data(d_qkv, qkv, shapes.qkv, &mut work.d_branch)?;
    engine.norm_backward(&work.d_branch, x, rms, norm, shapes.model, &mut work.d_x)
}
