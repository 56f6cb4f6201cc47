use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lehr_hygiene::{AddOptions, BenchmarkRegistry, HygieneError};
use serde_json::{Value, json};

use super::{Shared, Usage};
use crate::client::Client;
use crate::config::{DATA_DIR, data_dir};

/// `lehr benchmark ...`: in the service or the data directory that is named; without a name in the
/// running service, or in the user's data directory when none is running.
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
    let registry = Registry::find(shared).await?;
    let value = match action {
        Action::Add { name, file } => registry.add(&name, &file).await?,
        Action::List => registry.list().await?,
        Action::Remove { name } => registry.remove(&name).await?,
    };
    shared.style().print(&value, |value| match value {
        Value::Array(rows) => rows.iter().map(describe).collect::<Vec<_>>().join("\n"),
        row => describe(row),
    })
}

fn describe(row: &Value) -> String {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    format!("{}  {} items  sha256 {}", text("name"), row["items"], text("sha256"))
}

/// Where the benchmarks are.
enum Registry {
    Service(Client),
    Directory(Box<BenchmarkRegistry>),
}

impl Registry {
    /// A flag decides before the environment, and what is named before what is found. Says on
    /// standard error which registry it is.
    async fn find(shared: &Shared) -> Result<Self> {
        if shared.server.is_some() && shared.data_dir.is_some() {
            let both = anyhow!(
                "--server and --data-dir name two registries of benchmarks; leave one of them out"
            );
            return Err(Usage(both).into());
        }
        let client = shared.client()?;
        let remote = match (&shared.data_dir, shared.named_server()) {
            (Some(_), _) => false,
            (None, Some(_)) => true,
            (None, None) => {
                std::env::var_os(DATA_DIR).is_none() && client.get("/healthz").await.is_ok()
            }
        };
        if remote {
            eprintln!("benchmarks of the service at {}", client.base());
            return Ok(Self::Service(client));
        }
        let directory = data_dir(shared.data_dir.as_deref()).map_err(Usage)?;
        eprintln!("benchmarks of the data directory {}", directory.display());
        let registry = BenchmarkRegistry::open(directory.join("benchmarks"))?;
        Ok(Self::Directory(Box::new(registry)))
    }

    async fn add(&self, name: &str, file: &Path) -> Result<Value> {
        match self {
            Self::Service(client) => {
                let bytes = std::fs::read(file)
                    .with_context(|| format!("cannot read {}", file.display()))
                    .map_err(Usage)?;
                let added = client.post_bytes(&format!("/v1/benchmarks/{name}"), bytes).await;
                added.with_context(|| format!("cannot register {}", file.display()))
            }
            Self::Directory(registry) => Ok({
                let options = AddOptions { replace: true, ..AddOptions::default() };
                json!(registry.add(name, file, &options).map_err(blame)?.info())
            }),
        }
    }

    async fn list(&self) -> Result<Value> {
        Ok(match self {
            Self::Service(client) => client.get("/v1/benchmarks").await?["data"].take(),
            Self::Directory(registry) => json!(registry.list()?),
        })
    }

    async fn remove(&self, name: &str) -> Result<Value> {
        match self {
            Self::Service(client) => client.delete(&format!("/v1/benchmarks/{name}")).await,
            Self::Directory(registry) => Ok(json!(registry.remove(name)?)),
        }
    }
}

/// Whether the registry failed, or what it was given is at fault.
fn blame(error: HygieneError) -> anyhow::Error {
    match error {
        HygieneError::Busy { .. }
        | HygieneError::Incompatible { .. }
        | HygieneError::Index { .. } => error.into(),
        error => Usage(error.into()).into(),
    }
}
