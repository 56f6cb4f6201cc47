//! `trainer eval`.

use std::path::PathBuf;

use lehr_trainer::data::Part;
use lehr_trainer::run::{EvalRequest, Evaluation, evaluate};

use super::output::Output;
use super::{DeviceArgument, Ending};

#[derive(Debug, clap::Args)]
pub(super) struct Eval {
    /// The checkpoint directory.
    #[arg(value_name = "CKPT")]
    checkpoint: PathBuf,
    /// A file or directory of documents (.jsonl, .parquet), or a mix directory.
    #[arg(long, value_name = "FILE|DIR")]
    data: PathBuf,
    /// The held-out documents of a mix, instead of those for training.
    #[arg(long)]
    heldout: bool,
    /// Longest piece of a document in tokens, also beyond the model's own context; give the same to
    /// compare checkpoints [default: 2048, or the model's context if less].
    #[arg(long, value_name = "N")]
    context: Option<usize>,
    #[command(flatten)]
    device: DeviceArgument,
}

impl Eval {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        let request = EvalRequest {
            checkpoint: self.checkpoint.clone(),
            data: self.data.clone(),
            part: if self.heldout { Part::Heldout } else { Part::Training },
            context: self.context,
            device: self.device.device,
        };
        output.begin(100, 0);
        let found = evaluate(&request, &mut |percent| output.at(percent, "%".into()))?;
        output.end();
        let Evaluation { loss, perplexity, tokens, documents, context } = found;
        let text = format!(
            "loss {loss:.4} nats per token, perplexity {perplexity:.3}, over {tokens} tokens of \
             {documents} documents at context {context}"
        );
        output.event("evaluated", &found, &text);
        Ok(Ending::Done)
    }
}
