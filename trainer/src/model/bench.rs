//! How fast an engine trains a model, and how near that is to its bare matrix products.

use std::fmt;
use std::time::Instant;

use super::{Batch, Model, ModelConfig, ModelError, Params};
use crate::engine::{Engine, EngineError, Kind, Linear};
use crate::optim::OptimStep;

/// Rows of the product that stands for the output head: about what a chunk of the loss has.
const HEAD_ROWS: usize = 448;

/// What to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchPlan {
    /// The model.
    pub config: ModelConfig,
    /// Tokens of a row.
    pub tokens: usize,
    /// Tokens of each document in it.
    pub document: usize,
    /// Repetitions of each measurement; the fastest counts.
    pub repeats: usize,
}

/// What was measured. Times are seconds, rates floating point operations a second.
#[derive(Debug, Clone, PartialEq)]
pub struct BenchReport {
    /// The device in words.
    pub device: String,
    /// What was asked for.
    pub plan: BenchPlan,
    /// Number of parameters.
    pub parameters: usize,
    /// Rate of the bare matrix products of the model, by the work that each has in a step.
    pub matmul_rate: f64,
    /// Forward pass with loss.
    pub forward: f64,
    /// Forward and backward pass.
    pub forward_backward: f64,
    /// Clipping and AdamW.
    pub optimizer: f64,
    /// Operations of one forward and backward pass, see [`ModelConfig::training_flops`].
    pub flops: f64,
}

impl BenchReport {
    /// Rate of the forward and backward pass.
    pub fn training_rate(&self) -> f64 {
        self.flops / self.forward_backward
    }

    /// Tokens a second, with an optimizer step after each row: a larger step does better.
    pub fn tokens_per_second(&self) -> f64 {
        self.plan.tokens as f64 / (self.forward_backward + self.optimizer)
    }
}

impl fmt::Display for BenchReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (g, plan) = (1e-9, &self.plan);
        let share = 100.0 * self.training_rate() / self.matmul_rate;
        writeln!(f, "device              {}", self.device)?;
        writeln!(f, "model               {:.1} M parameters", self.parameters as f64 / 1e6)?;
        writeln!(f, "row                 {} tokens, documents of {}", plan.tokens, plan.document)?;
        writeln!(f, "matrix products     {:.1} GFLOP/s", g * self.matmul_rate)?;
        writeln!(f, "forward             {:.3} s", self.forward)?;
        writeln!(
            f,
            "forward + backward  {:.3} s, {:.1} GFLOP/s, {share:.0}% of the bare products",
            self.forward_backward,
            g * self.training_rate()
        )?;
        writeln!(f, "optimizer           {:.3} s", self.optimizer)?;
        write!(f, "tokens/s            {:.0}", self.tokens_per_second())
    }
}

/// Measures an engine on random weights and tokens.
///
/// # Errors
/// A configuration of no model, or a failing device.
pub fn bench<E: Engine>(
    make: impl Fn() -> Result<E, ModelError>,
    plan: BenchPlan,
) -> Result<BenchReport, ModelError> {
    plan.config.validate()?;
    let config = &plan.config;
    let matmul_rate = matmul_rate(&mut make()?, config, plan.tokens, plan.repeats)?;
    let params = Params::random(config, 1, 0.02);
    let parameters = params.count();
    let mut model = Model::new(make()?, config.clone(), &params)?;
    drop(params);

    let token = |i: usize| (i.wrapping_mul(2_654_435_761) % config.vocab_size) as u32;
    let starts = (0..plan.tokens).step_by(plan.document.max(1));
    let batch = Batch {
        tokens: (0..plan.tokens).map(token).collect(),
        targets: (1..=plan.tokens).map(token).collect(),
        weights: vec![1.0; plan.tokens],
        documents: starts.chain([plan.tokens]).collect(),
    };
    let (theta, scale) = (config.rope_theta, 1.0 / plan.tokens as f32);
    let (mut forward, mut forward_backward, mut optimizer) = (f64::MAX, f64::MAX, f64::MAX);
    for repeat in 0..=plan.repeats {
        let clock = Instant::now();
        model.loss(&batch, theta, 1e-4)?;
        let loss = clock.elapsed().as_secs_f64();
        let clock = Instant::now();
        model.accumulate(&batch, theta, 1e-4, scale)?;
        let accumulate = clock.elapsed().as_secs_f64();
        let clock = Instant::now();
        model.step(&OptimStep::recipe(repeat as u64 + 1, 1e-4))?;
        let step = clock.elapsed().as_secs_f64();
        // The first round makes the buffers.
        if repeat > 0 {
            forward = forward.min(loss);
            forward_backward = forward_backward.min(accumulate);
            optimizer = optimizer.min(step);
        }
    }
    let flops = config.training_flops(plan.tokens, plan.document.min(plan.tokens));
    let device = model.device();
    Ok(BenchReport {
        device,
        parameters,
        matmul_rate,
        forward,
        forward_backward,
        optimizer,
        flops,
        plan,
    })
}

/// Rate over all linear maps of a model, forward and both backward products.
fn matmul_rate<E: Engine>(
    engine: &mut E,
    config: &ModelConfig,
    rows: usize,
    repeats: usize,
) -> Result<f64, EngineError> {
    let (d, f, layers) = (config.d_model, config.d_ffn, config.n_layers);
    let head_rows = HEAD_ROWS.min(rows);
    let (mut operations, mut seconds) = (0.0, 0.0);
    for (rows, inputs, outputs, times) in [
        (rows, d, config.qkv_width(), layers as f64),
        (rows, config.q_width(), d, layers as f64),
        (rows, d, 2 * f, layers as f64),
        (rows, f, d, layers as f64),
        (head_rows, d, config.vocab_size, rows as f64 / head_rows as f64),
    ] {
        let shape = Linear { rows, inputs, outputs };
        let mut weight = engine.param(&vec![0.01; inputs * outputs])?;
        let mut x = engine.buffer(rows * inputs, Kind::Activation)?;
        let mut y = engine.buffer(rows * outputs, Kind::Activation)?;
        let mut d_x = engine.buffer(rows * inputs, Kind::Activation)?;
        engine.upload(&vec![0.01; rows * inputs], &mut x)?;
        let mut best = f64::MAX;
        for repeat in 0..=repeats {
            let clock = Instant::now();
            engine.linear(&x, &weight, None, shape, &mut y)?;
            engine.linear_backward_weight(&y, &x, shape, &mut weight, None)?;
            engine.linear_backward_data(&y, &weight, shape, &mut d_x)?;
            // A device may work on behind our back; reading a value waits for it.
            engine.download(&d_x, 1)?;
            if repeat > 0 {
                best = best.min(clock.elapsed().as_secs_f64());
            }
        }
        operations += times * 6.0 * (rows * inputs * outputs) as f64;
        seconds += times * best;
    }
    Ok(operations / seconds)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::engine::cpu::Cpu;

    #[test]
    fn measures_something_that_adds_up() {
        let config = ModelConfig {
            vocab_size: 50,
            d_model: 16,
            d_ffn: 24,
            n_layers: 1,
            n_heads: 2,
            n_kv_heads: 1,
            head_dim: 8,
            rms_eps: 1e-5,
            rope_theta: 1e4,
            tied: true,
            qkv_bias: false,
            max_positions: 64,
        };
        let plan = BenchPlan { config: config.clone(), tokens: 40, document: 16, repeats: 1 };
        let report = bench(|| Ok(Cpu::new()), plan).unwrap();
        assert_eq!(report.parameters, Params::random(&config, 0, 1.0).count());
        assert!(report.matmul_rate > 0.0 && report.forward > 0.0 && report.optimizer > 0.0);
        assert_eq!(report.flops, config.training_flops(40, 16));
        assert!(report.to_string().contains("documents of 16"));
    }
}
