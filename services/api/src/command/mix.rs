use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lehr_pipeline::EXAMPLE_RECIPE;
use lehr_record::{DatasetSource, MixRecipe};
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
    /// Show what a mix is made of, what was left out, and where its card lies.
    Show {
        /// The mix.
        name: String,
    },
    /// Print a recipe to start from: the annealing mix of YuLan-Mini.
    Example,
}

pub(super) async fn run(shared: &Shared, action: Action) -> Result<()> {
    if let Action::Example = action {
        return shared.style().print(&EXAMPLE_RECIPE, |recipe| recipe.trim_end().to_owned());
    }
    let (client, style) = (shared.client()?, shared.style());
    match action {
        Action::Example => {}
        Action::Show { name } => {
            let row = client.get(&format!("/v1/mixes/{name}")).await?;
            style.print(&row, show)?;
        }
        Action::Create { file } => {
            let mut recipe: MixRecipe = read_toml_or_json(&file).map_err(Usage)?;
            anchor(&mut recipe, &file)?;
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

/// Makes relative paths absolute: they start where the recipe's file lies, whatever directory the
/// service was started in.
fn anchor(recipe: &mut MixRecipe, file: &Path) -> Result<()> {
    let directory = file.parent().unwrap_or(Path::new(""));
    for dataset in &mut recipe.datasets {
        if let DatasetSource::Path(path) = &mut dataset.source {
            let absolute = std::path::absolute(directory.join(&*path))
                .with_context(|| format!("the path {path:?} of dataset {}", dataset.name))?;
            *path = absolute.to_string_lossy().into_owned();
        }
    }
    Ok(())
}

/// The datasets of a mix, a line each.
fn describe(row: &Value) -> String {
    let manifest = &row["manifest"];
    let mut text = row["directory"].as_str().unwrap_or_default().to_owned();
    for count in manifest["counts"].as_array().into_iter().flatten() {
        let percent = |field: &str| count[field].as_f64().unwrap_or_default() * 100.0;
        text.push_str(&format!(
            "\n  {}: {} documents, about {} tokens ({:.2}% of the mix, {:.2}% asked); {} held out, \
             {} of {} left out",
            count["name"].as_str().unwrap_or_default(),
            count["documents"],
            count["tokens"],
            percent("share_reached"),
            percent("share_asked"),
            count["heldout"],
            drops(count).map(|(_, number)| number).sum::<u64>(),
            count["available"],
        ));
        let reasons: Vec<String> = drops(count)
            .filter(|(_, number)| *number > 0)
            .map(|(reason, number)| format!("{number} {}", reason.replace('_', " ")))
            .collect();
        if !reasons.is_empty() {
            text.push_str(&format!(" ({})", reasons.join(", ")));
        }
    }
    text
}

/// Everything that people ask of one mix.
fn show(row: &Value) -> String {
    let manifest = &row["manifest"];
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut text = describe(row);
    for flag in manifest["flagged"].as_array().into_iter().flatten() {
        text.push_str(&format!(
            "\n  found in {} documents by {}: {}",
            flag["documents"],
            word(&flag["kind"]),
            word(&flag["benchmark"]),
        ));
    }
    let long = &manifest["long"];
    text.push_str(&format!(
        "\nlong documents ({} tokens or more): {:.2}% of the tokens",
        long["from_tokens"],
        long["share_reached"].as_f64().unwrap_or_default() * 100.0
    ));
    let directory = word(&row["directory"]);
    let card = Path::new(&directory).join("card.html");
    text.push_str(&format!(
        "\nbenchmarks  {} by rules {}\ndigest      {}\ncard        {}",
        word(&manifest["index_version"]),
        word(&manifest["rules"]),
        word(&manifest["digest"]),
        card.display()
    ));
    text
}

fn drops(count: &Value) -> impl Iterator<Item = (&String, u64)> {
    let dropped = count["dropped"].as_object().into_iter().flatten();
    dropped.map(|(reason, number)| (reason, number.as_u64().unwrap_or_default()))
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
