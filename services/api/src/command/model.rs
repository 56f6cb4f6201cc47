use std::sync::Arc;

use anyhow::Result;
use lehr_generator::llm::ModelSpec;
use lehr_generator::model_store::{Manifest, ModelStore, PullStep};
use serde_json::json;

use super::{Shared, Usage};
use crate::config::models_dir;

/// `lehr model ...`.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Fetch a model into the cache.
    Pull {
        /// `default`, `all-minilm-l6-v2` (embeds texts, for finding paraphrases), or `hf:ORG/NAME`.
        #[arg(default_value = "default")]
        name: String,
        /// Fetch it even if it is there.
        #[arg(long)]
        force: bool,
    },
    /// List the models in the cache.
    List,
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    let store = ModelStore::open(models_dir()?);
    match action {
        Action::Pull { name, force } => {
            let spec: ModelSpec = name.parse().map_err(|error| Usage(anyhow::Error::new(error)))?;
            let pulled = store.pull(&spec, force, Arc::new(|step: PullStep| tell(&step))).await?;
            let path = pulled.path.display().to_string();
            let result =
                json!({"name": spec.to_string(), "path": path, "identity": pulled.identity});
            shared.style().print(&result, |_| format!("{spec} is ready: {path}"))?;
        }
        Action::List => {
            let manifests = store.list()?;
            shared.style().print(&manifests, |manifests| {
                let line = |manifest: &Manifest| {
                    let Manifest { name, source, files } = manifest;
                    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
                    format!("{name}  {} MiB  {source}", bytes >> 20)
                };
                if manifests.is_empty() {
                    return "no model yet; fetch one with `lehr model pull`".to_owned();
                }
                manifests.iter().map(line).collect::<Vec<_>>().join("\n")
            })?;
        }
    }
    Ok(())
}

/// Tells each step as it begins, on standard error.
fn tell(step: &PullStep) {
    match step {
        PullStep::Download(what) => eprintln!("fetching {what}"),
        PullStep::Unpack => eprintln!("unpacking"),
        PullStep::Keep => eprintln!("moving into place"),
    }
}
