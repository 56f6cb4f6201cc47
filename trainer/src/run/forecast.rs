//! What a run will take, before it begins.

use serde::Serialize;

use super::{AnnealConfig, Plan};
use crate::model::{ModelConfig, Params};

/// What a run will take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Forecast {
    /// Values in all parameters together.
    pub parameters: u64,
    /// Bytes of weights, gradients and Adam's two moments, all in f32.
    pub state_bytes: u64,
    /// Tokens a step.
    pub step_tokens: u64,
    /// Optimizer steps of all phases.
    pub steps: u64,
    /// Floating point operations of the whole run.
    pub flops: f64,
    /// The phases in order.
    pub phases: Vec<PhaseForecast>,
}

/// What one phase will take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseForecast {
    /// Its name.
    pub name: String,
    /// Length of a row in tokens.
    pub context: usize,
    /// Base of the rotary positions.
    pub rope_theta: f64,
    /// Optimizer steps.
    pub steps: u64,
    /// Rows a step.
    pub rows: usize,
    /// Micro-batches a step.
    pub micro_batches: usize,
    /// Floating point operations a token, forward and backward, for documents that fill a row:
    /// causal attention by half, nothing recomputed.
    pub flops_per_token: f64,
}

impl Forecast {
    /// Counts what a checked configuration asks of a model.
    pub fn new(model: &ModelConfig, config: &AnnealConfig) -> Self {
        let layout = Params::layout(model);
        let size = |shape: &Vec<usize>| shape.iter().map(|&n| n as u64).product::<u64>();
        let parameters: u64 = layout.iter().map(|(_, shape)| size(shape)).sum();
        let plan = Plan::new(config, model.rope_theta);
        let phases: Vec<_> = plan
            .phases
            .iter()
            .map(|phase| PhaseForecast {
                name: phase.name.clone(),
                context: phase.context,
                rope_theta: phase.rope_theta,
                steps: phase.end - phase.begin,
                rows: phase.micro_batches.iter().sum(),
                micro_batches: phase.micro_batches.len(),
                flops_per_token: model.training_flops(1, phase.context),
            })
            .collect();
        let flops = phases
            .iter()
            .map(|phase| phase.flops_per_token * (phase.steps * plan.step_tokens) as f64)
            .sum();
        Self {
            parameters,
            state_bytes: 16 * parameters,
            step_tokens: plan.step_tokens,
            steps: plan.steps,
            flops,
            phases,
        }
    }
}
