//! `trainer plan`.

use std::path::PathBuf;

use lehr_trainer::checkpoint::HfConfig;
use lehr_trainer::run::{AnnealConfig, Forecast};

use super::Ending;
use super::output::Output;

#[derive(Debug, clap::Args)]
pub(super) struct Plan {
    /// The checkpoint to start from; only its config.json is read.
    #[arg(long, value_name = "CKPT")]
    from: PathBuf,
    /// The configuration [default: the recipe's].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Plan {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        let model = HfConfig::read(&self.from)?.model;
        let config = match &self.config {
            Some(path) => AnnealConfig::read(path)?,
            None => AnnealConfig::default(),
        };
        let forecast = Forecast::new(&model, &config);
        output.event("plan", &forecast, &text(&forecast));
        Ok(Ending::Done)
    }
}

fn text(forecast: &Forecast) -> String {
    let Forecast { parameters, state_bytes, step_tokens, steps, flops, phases } = forecast;
    let mut text = format!(
        "{:.1} M parameters; {:.2} GB for weights, gradients and moments, activations aside\n\
         {steps} steps of {step_tokens} tokens; {flops:.2e} floating point operations in all",
        *parameters as f64 / 1e6,
        *state_bytes as f64 / 1e9,
    );
    for phase in phases {
        text += &format!(
            "\n{}: {} steps of {} rows of {} tokens in {} micro-batches, RoPE base {}, \
             {:.3} GFLOP a token",
            phase.name,
            phase.steps,
            phase.rows,
            phase.context,
            phase.micro_batches,
            phase.rope_theta,
            phase.flops_per_token / 1e9,
        );
    }
    text
}
