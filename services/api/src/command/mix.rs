use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lehr_record::MixRecipe;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{Shared, Usage};

/// `lehr mix ...`.
#[derive(clap::Subcommand)]
pub(super) enum Action {
    /// Build a mix from a recipe in TOML or JSON.
    Create {
        /// The recipe.
        #[arg(short, long, value_name = "FILE")]
        file: PathBuf,
    },
    /// List mixes, newest first.
    List,
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    let (client, style) = (shared.client()?, shared.style());
    match action {
        Action::Create { file } => {
            let recipe: MixRecipe = read_toml_or_json(&file).map_err(Usage)?;
            let row = client.post("/v1/mixes", &json!(recipe), None).await?;
            style.print(&row, describe)?;
        }
        Action::List => {
            let rows = client.pages("/v1/mixes").await?;
            style.print(&rows, |rows| rows.iter().map(describe).collect::<Vec<_>>().join("\n"))?;
        }
    }
    Ok(())
}

fn describe(row: &Value) -> String {
    let manifest = &row["manifest"];
    let mut text = row["directory"].as_str().unwrap_or_default().to_owned();
    for count in manifest["counts"].as_array().into_iter().flatten() {
        text.push_str(&format!(
            "\n  {}: {} documents, about {} tokens ({:.0}% of the mix, {:.0}% asked); {} held out, \
             {} duplicates, {} contaminated",
            count["name"].as_str().unwrap_or_default(),
            count["documents"],
            count["tokens"],
            count["share_reached"].as_f64().unwrap_or_default() * 100.0,
            count["share_asked"].as_f64().unwrap_or_default() * 100.0,
            count["heldout"],
            count["duplicates"],
            count["contaminated"],
        ));
    }
    text
}

/// Reads a file that people write: JSON when it ends in `.json`, else TOML.
pub(super) fn read_toml_or_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    if path.extension().is_some_and(|extension| extension == "json") {
        serde_json::from_str(&text).with_context(|| format!("{} is at fault", path.display()))
    } else {
        toml::from_str(&text).with_context(|| format!("{} is at fault", path.display()))
    }
}
