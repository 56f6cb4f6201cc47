//! `trainer bench`.

use std::path::PathBuf;

use lehr_trainer::checkpoint::HfConfig;
use lehr_trainer::engine::cpu::Cpu;
use lehr_trainer::model::ModelConfig;
use lehr_trainer::model::bench::{BenchPlan, bench};
use lehr_trainer::run::RunError;
use serde_json::json;

use super::output::Output;
use super::{DeviceArgument, Ending};

#[derive(Debug, clap::Args)]
pub(super) struct Bench {
    /// The checkpoint whose shape to measure [default: the shape of SmolLM2-135M].
    #[arg(long, value_name = "CKPT")]
    from: Option<PathBuf>,
    /// Tokens of a row.
    #[arg(long, value_name = "N", default_value_t = 1792, value_parser = clap::value_parser!(u32).range(2..=1 << 20))]
    context: u32,
    /// Tokens of each document in it [default: the whole row].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    document: Option<u32>,
    /// Repetitions of each measurement; the fastest counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeats: u32,
    #[command(flatten)]
    device: DeviceArgument,
}

impl Bench {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        self.device.device.require_cpu().map_err(RunError::from)?;
        let config = match &self.from {
            Some(directory) => HfConfig::read(directory)?.model,
            None => smollm2(),
        };
        let plan = BenchPlan {
            config,
            tokens: self.context as usize,
            document: self.document.unwrap_or(self.context) as usize,
            repeats: self.repeats as usize,
        };
        let report = bench(|| Ok(Cpu::new()), plan)?;
        let value = json!({
            "device": report.device,
            "parameters": report.parameters,
            "context": report.plan.tokens,
            "document": report.plan.document,
            "matmul_flops_per_s": report.matmul_rate,
            "training_flops_per_s": report.training_rate(),
            "forward_s": report.forward,
            "forward_backward_s": report.forward_backward,
            "optimizer_s": report.optimizer,
            "tokens_per_s": report.tokens_per_second(),
        });
        output.event("bench", &value, &report.to_string());
        Ok(Ending::Done)
    }
}

/// The shape of the default model.
fn smollm2() -> ModelConfig {
    ModelConfig {
        vocab_size: 49_152,
        d_model: 576,
        d_ffn: 1536,
        n_layers: 30,
        n_heads: 9,
        n_kv_heads: 3,
        head_dim: 64,
        rms_eps: 1e-5,
        rope_theta: 1e5,
        tied: true,
        qkv_bias: false,
        max_positions: 8192,
    }
}
