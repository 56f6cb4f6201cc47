//! `trainer export`.

use std::path::PathBuf;

use clap::ValueEnum;
use lehr_trainer::checkpoint::{Checkpoint, Dtype};
use serde_json::json;

use super::Ending;
use super::output::Output;

#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The checkpoint directory; one within a run loses its optimizer state.
    #[arg(value_name = "CKPT")]
    checkpoint: PathBuf,
    /// The kind of model to write.
    #[arg(long, value_enum)]
    to: Kind,
    /// The checkpoint directory to write, new or empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The number format of the weights [default: that of the checkpoint].
    #[arg(long, value_enum)]
    dtype: Option<Format>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Llama,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    F32,
    Bf16,
}

impl Export {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        let checkpoint = Checkpoint::read(&self.checkpoint)?;
        let dtype = match self.dtype {
            None => checkpoint.config.dtype.written(),
            Some(Format::F32) => Dtype::F32,
            Some(Format::Bf16) => Dtype::Bf16,
        };
        match self.to {
            Kind::Llama => checkpoint.write(&self.out, dtype)?,
        }
        let text = format!("checkpoint: {}", self.out.display());
        output.event("exported", &json!({ "path": self.out, "dtype": dtype.torch_name() }), &text);
        Ok(Ending::Done)
    }
}
