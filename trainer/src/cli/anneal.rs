//! `trainer anneal`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use lehr_trainer::run::{AnnealRequest, Event, Outcome, StepRecord, anneal};
use serde_json::json;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::output::Output;
use super::{DeviceArgument, Ending};

/// The status of a program that a second interrupt ends at once.
const INTERRUPTED: i32 = 130;

#[derive(Debug, clap::Args)]
pub(super) struct Anneal {
    /// The checkpoint to start from.
    #[arg(long, value_name = "CKPT")]
    from: PathBuf,
    /// The mix, or a directory or file of documents (.jsonl, .parquet).
    #[arg(long, value_name = "DIR")]
    mix: PathBuf,
    /// The run directory, new or empty unless --resume is given.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The configuration [default: the recipe's, or the run's own with --resume].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to keep the documents' tokens; runs that are given the same directory tokenise each
    /// file once [default: OUT/trainer-tokens].
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    #[command(flatten)]
    device: DeviceArgument,
    /// Go on with the run in OUT from its last checkpoint; begin it if there is none and --config is
    /// given.
    #[arg(long)]
    resume: bool,
}

impl Anneal {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        let request = AnnealRequest {
            from: self.from.clone(),
            mix: self.mix.clone(),
            out: self.out.clone(),
            config: self.config.clone(),
            cache: self.cache.clone(),
            device: self.device.device,
            resume: self.resume,
        };
        let stop = Arc::new(AtomicBool::new(false));
        let mut signals = Ok(());
        let outcome = anneal(&request, &stop, &mut |event| {
            // Before training there is nothing to save, so a signal simply ends the program.
            if matches!(event, Event::Started { .. }) {
                signals = heed_signals(&stop);
            }
            tell(output, event);
        })?;
        signals.context("cannot listen for signals")?;
        output.end();
        match outcome {
            Outcome::Finished { checkpoint, report } => {
                let text =
                    format!("finished: {}\nreport:   {}", checkpoint.display(), report.display());
                let value = json!({ "checkpoint": checkpoint, "report": report });
                output.event("finished", &value, &text);
                Ok(Ending::Done)
            }
            Outcome::Stopped { step, checkpoint } => {
                let text = format!(
                    "stopped after step {step}; go on with --resume from {}",
                    checkpoint.display()
                );
                let value = json!({ "step": step, "checkpoint": checkpoint });
                output.event("stopped", &value, &text);
                Ok(Ending::Stopped)
            }
        }
    }
}

/// The first signal asks the run to stop after its step; a second one ends the program at once.
fn heed_signals(stop: &Arc<AtomicBool>) -> std::io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, INTERRUPTED, Arc::clone(stop))?;
        flag::register(signal, Arc::clone(stop))?;
    }
    Ok(())
}

fn tell(output: &Output, event: &Event<'_>) {
    match event {
        Event::Tokenised { documents } => {
            output.spin(format!("tokenising: {documents} documents"));
        }
        Event::Started { plan, done, documents, tokens, packing, device } => {
            let value = json!({
                "steps": plan.steps, "done": done, "documents": documents, "tokens": tokens,
                "device": device, "contexts": packing.contexts,
            });
            let text = format!(
                "{documents} documents, {tokens} tokens; steps {} to {} of {} tokens on {device}",
                done + 1,
                plan.steps,
                plan.step_tokens
            );
            output.event("started", &value, &text);
            output.begin(plan.steps, *done);
        }
        Event::Step(record) => {
            output.at(record.step, short(record));
            let text = if output.has_bar() {
                String::new()
            } else {
                format!("step {} ({}): {}", record.step, record.phase, short(record))
            };
            output.event("step", record, &text);
        }
        Event::Checkpoint(path) => {
            let text = format!("checkpoint: {}", path.display());
            output.event("checkpoint", &json!({ "path": path }), &text);
        }
        Event::Warning(message) => output.warning(message),
    }
}

fn short(record: &StepRecord) -> String {
    let StepRecord { loss, lr, grad_norm, tokens_per_s, .. } = record;
    format!("loss {loss:.4}  lr {lr:.2e}  norm {grad_norm:.3}  {tokens_per_s:.0} tokens/s")
}
