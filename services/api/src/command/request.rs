use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lehr_record::{Expected, RequestSpec, SuppliedProblem};
use serde_json::{Value, json};

use super::{Shared, Usage};
use crate::output::{Style, line};

/// `lehr request ...`.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Send a request, from a TOML or JSON file.
    Create {
        /// The file: `seed`, `name` and `jobs`, as in the REST interface.
        #[arg(short, long, value_name = "FILE")]
        file: PathBuf,
        /// Problems with known answers for the request's only job: JSONL with `question` and
        /// `answer`, as in GSM8K.
        #[arg(long, value_name = "FILE")]
        problems: Option<PathBuf>,
        /// The same key and request sent again do not make a second request.
        #[arg(long)]
        key: Option<String>,
        /// Follow it until it ends.
        #[arg(long)]
        watch: bool,
    },
    /// List requests, newest first.
    List,
    /// Follow a request until it ends.
    Watch {
        /// The request.
        id: String,
    },
    /// Stop a request; what was settled stays.
    Cancel {
        /// The request.
        id: String,
    },
    /// Print a request's samples, one JSON object a line.
    Samples {
        /// The request.
        id: String,
        /// Only `accepted`, `rejected` or `failed` ones.
        #[arg(long)]
        state: Option<String>,
    },
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    let (client, style) = (shared.client()?, shared.style());
    match action {
        Action::Create { file, problems, key, watch } => {
            let mut spec = read_spec(&file).map_err(Usage)?;
            if let Some(path) = &problems {
                let [job] = spec.jobs.as_mut_slice() else {
                    return Err(Usage(anyhow::anyhow!(
                        "--problems needs a request of exactly one job; {} has {}",
                        file.display(),
                        spec.jobs.len()
                    ))
                    .into());
                };
                job.problems = Some(read_problems(path, job.count).map_err(Usage)?);
            }
            let created = client.post("/v1/requests", &json!(spec), key.as_deref()).await?;
            let id = created["id"].as_str().unwrap_or_default().to_owned();
            if watch {
                eprintln!("{id}");
                follow(&client, style, &id).await?;
            } else {
                style.print(&created, |_| id)?;
            }
        }
        Action::List => {
            let rows = client.pages("/v1/requests").await?;
            style.print(&rows, |rows| {
                let line = |row: &Value| {
                    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
                    format!("{}  {:<10} {}", text("id"), text("state"), text("name"))
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            })?;
        }
        Action::Watch { id } => follow(&client, style, &id).await?,
        Action::Cancel { id } => {
            let progress =
                client.post(&format!("/v1/requests/{id}/cancel"), &json!({}), None).await?;
            style.print(&progress, describe)?;
        }
        Action::Samples { id, state } => {
            let state = state.map(|state| format!("?state={state}")).unwrap_or_default();
            for sample in client.pages(&format!("/v1/requests/{id}/samples{state}")).await? {
                line(&sample.to_string())?;
            }
        }
    }
    Ok(())
}

async fn follow(client: &crate::client::Client, style: Style, id: &str) -> Result<()> {
    let mut last = String::new();
    let mut failed = None;
    let end = client
        .watch(id, |progress| {
            let text = describe(progress);
            if text != last && failed.is_none() {
                failed = style.print(progress, |_| text.clone()).err();
                last = text;
            }
        })
        .await?;
    if let Some(error) = failed {
        return Err(error);
    }
    match end["state"].as_str() {
        Some("failed") => bail!("{id} failed: {}", end["reason"].as_str().unwrap_or_default()),
        _ => Ok(()),
    }
}

/// One line that says where a request stands.
pub(crate) fn describe(progress: &Value) -> String {
    let funnel = &progress["funnel"];
    let reasons = |name: &str| {
        let Some(counts) = funnel[name].as_object().filter(|counts| !counts.is_empty()) else {
            return "0".to_owned();
        };
        let total: u64 = counts.values().filter_map(Value::as_u64).sum();
        let parts: Vec<String> =
            counts.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
        format!("{total} ({})", parts.join(", "))
    };
    format!(
        "{:<9} planned {}  accepted {}  rejected {}  failed {}  pending {}",
        progress["state"].as_str().unwrap_or_default(),
        funnel["planned"],
        funnel["accepted"],
        reasons("rejected"),
        reasons("failed"),
        funnel["pending"],
    )
}

fn read_spec(path: &Path) -> Result<RequestSpec> {
    super::mix::read_toml_or_json(path)
}

/// Reads problems with known answers. The answer of GSM8K stands after `####`.
fn read_problems(path: &Path, most: Option<u32>) -> Result<Vec<SuppliedProblem>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the problems {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let most = most.map_or(usize::MAX, |most| most as usize);
    lines
        .take(most)
        .map(|(at, line)| {
            let place = format!("{}:{}", path.display(), at + 1);
            let row: Value = serde_json::from_str(line).with_context(|| place.clone())?;
            let field = |name: &str| {
                row[name].as_str().with_context(|| format!("{place}: has no text field {name:?}"))
            };
            let answer = field("answer")?;
            let answer = answer.rsplit("####").next().unwrap_or(answer).trim().to_owned();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Ok(SuppliedProblem {
                source: format!("{name}:{}", at + 1),
                statement: field("question")?.to_owned(),
                options: Vec::new(),
                expected: Expected::Answer { answer },
            })
        })
        .collect()
}
