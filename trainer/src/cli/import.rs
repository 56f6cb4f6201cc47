//! `trainer import`.

use std::path::PathBuf;

use lehr_trainer::checkpoint::gguf;
use serde_json::json;

use super::Ending;
use super::output::Output;

#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// The GGUF file, of the architecture "llama".
    #[arg(value_name = "GGUF")]
    file: PathBuf,
    /// The checkpoint directory to write, new or empty.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Import {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        let imported = gguf::import(&self.file, &self.out)?;
        let parameters = imported.params.count();
        let text = format!("checkpoint: {} ({parameters} parameters)", self.out.display());
        output.event("imported", &json!({ "path": self.out, "parameters": parameters }), &text);
        Ok(Ending::Done)
    }
}
