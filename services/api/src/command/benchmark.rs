use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use lehr_hygiene::{AddOptions, BenchmarkRegistry, HygieneError};
use lehr_record::BenchmarkColumns;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Shared, Usage};
use crate::client::Client;
use crate::config::{DATA_DIR, data_dir};

/// `lehr benchmark ...`: in the service or the data directory that is named; without a name in the
/// running service, or in the user's data directory when none is running.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Register a benchmark from JSONL or Parquet.
    ///
    /// Columns that are not named are looked for under the names that publishers usually give
    /// them. The same file again changes nothing.
    Add(Add),
    /// List the registered benchmarks.
    List,
    /// Take a benchmark out.
    Remove {
        /// Its name.
        name: String,
    },
}

/// What is added and how.
#[derive(clap::Args)]
pub(super) struct Add {
    /// Its name: letters, digits, `.`, `_` or `-`.
    name: String,
    /// The file.
    file: PathBuf,
    /// A column with questions; may be given several times, as may the other columns.
    #[arg(long, value_name = "COLUMN")]
    question: Vec<String>,
    /// A column with answers, short or long.
    #[arg(long, value_name = "COLUMN")]
    answer: Vec<String>,
    /// A column with worked solutions.
    #[arg(long, value_name = "COLUMN")]
    solution: Vec<String>,
    /// A column with programs.
    #[arg(long, value_name = "COLUMN")]
    code: Vec<String>,
    /// A column with the options of multiple-choice questions.
    #[arg(long, value_name = "COLUMN")]
    choices: Vec<String>,
    /// A column that identifies the items.
    #[arg(long, value_name = "COLUMN")]
    id: Vec<String>,
    /// Replace another benchmark of the same name.
    #[arg(long)]
    replace: bool,
}

impl Add {
    fn options(&self) -> AddOptions {
        let columns = BenchmarkColumns {
            id: self.id.clone(),
            question: self.question.clone(),
            answer: self.answer.clone(),
            solution: self.solution.clone(),
            code: self.code.clone(),
            choices: self.choices.clone(),
        };
        AddOptions { columns, replace: self.replace }
    }

    /// The columns as the service takes them.
    fn query(&self) -> Vec<(&'static str, &str)> {
        let roles = [
            ("id", &self.id),
            ("question", &self.question),
            ("answer", &self.answer),
            ("solution", &self.solution),
            ("code", &self.code),
            ("choices", &self.choices),
        ];
        let mut pairs = Vec::new();
        for (role, names) in roles {
            pairs.extend(names.iter().map(|name| (role, name.as_str())));
        }
        pairs
    }
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    let registry = Registry::find(shared).await?;
    let value = match action {
        Action::Add(add) => registry.add(&add).await?,
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

    async fn add(&self, add: &Add) -> Result<Value> {
        match self {
            Self::Service(client) => {
                let bytes = std::fs::read(&add.file)
                    .with_context(|| format!("cannot read {}", add.file.display()))
                    .map_err(Usage)?;
                let method = if add.replace { Method::PUT } else { Method::POST };
                let path = format!("/v1/benchmarks/{}", add.name);
                let added = client.send_file(method, &path, &add.query(), bytes).await;
                added.with_context(|| format!("cannot register {}", add.file.display()))
            }
            Self::Directory(registry) => {
                let added = registry.add(&add.name, &add.file, &add.options());
                Ok(json!(added.map_err(blame)?.info()))
            }
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
        | HygieneError::Exists { .. }
        | HygieneError::Incompatible { .. }
        | HygieneError::Index { .. } => error.into(),
        error => Usage(error.into()).into(),
    }
}
