use std::path::PathBuf;

use anyhow::{Context, Result};
use lehr_hygiene::BenchmarkRegistry;
use serde_json::{Value, json};

use super::Shared;
use crate::config::data_dir;

/// `lehr benchmark ...`: through the service at `--server` when one answers there and no
/// `--data-dir` is named, else on the data directory itself.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Register a benchmark from JSONL; one of the same name is replaced.
    Add {
        /// Its name: letters, digits, `.`, `_` or `-`.
        name: String,
        /// The file.
        file: PathBuf,
    },
    /// List the registered benchmarks.
    List,
    /// Take a benchmark out.
    Remove {
        /// Its name.
        name: String,
    },
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    let client = shared.client()?;
    let remote = shared.data_dir.is_none() && client.get("/healthz").await.is_ok();
    let open = || -> Result<BenchmarkRegistry> {
        let data = data_dir(shared.data_dir.as_deref())?;
        Ok(BenchmarkRegistry::open(data.join("benchmarks"))?)
    };
    let value: Value = match action {
        Action::Add { name, file } if remote => {
            let bytes =
                std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            client.post_bytes(&format!("/v1/benchmarks/{name}"), bytes).await?
        }
        Action::Add { name, file } => json!(open()?.add(&name, &file)?),
        Action::List if remote => client.get("/v1/benchmarks").await?["data"].take(),
        Action::List => json!(open()?.list()?),
        Action::Remove { name } if remote => {
            client.delete(&format!("/v1/benchmarks/{name}")).await?
        }
        Action::Remove { name } => json!(open()?.remove(&name)?),
    };
    shared.style().print(&value, |value| match value {
        Value::Array(rows) => rows.iter().map(describe).collect::<Vec<_>>().join("\n"),
        row => describe(row),
    })?;
    Ok(())
}

fn describe(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    format!("{}  {} items  sha256 {}", text("name"), row["items"], text("sha256"))
}
