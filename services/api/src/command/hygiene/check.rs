use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lehr_generator::model_store::ModelStore;
use lehr_hygiene::{
    BenchmarkRegistry, Criteria, Embed, HygieneError, Mode, Rules, Sinks, Summary, check_file,
};

use crate::command::aside::{aside, keep};
use crate::command::{Shared, Usage};
use crate::config::{EmbedderChoice, check_criteria, data_dir, models_dir};

/// Arguments of `lehr hygiene check`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The documents: JSONL or Parquet.
    file: PathBuf,
    /// Where the findings go, one object a line in the same order.
    #[arg(long, value_name = "REPORT")]
    out: PathBuf,
    /// `report` writes the findings; `drop` also writes the clean documents [default: drop with
    /// --clean, else report].
    #[arg(long, value_parser = mode)]
    mode: Option<Mode>,
    /// Where the clean documents go, as they came.
    #[arg(long, value_name = "FILE")]
    clean: Option<PathBuf>,
    /// The wording that all documents have, such as the prompt they were made with: it does not
    /// count as overlap.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Which passages are embedded to find paraphrases, with the model of sentences that was pulled:
    /// none, those that share rare words with an item, or all [default: what the criteria say].
    #[arg(long, value_name = "off|candidates|all", value_parser = embed)]
    embed: Option<Embed>,
    /// The thresholds, as the table `[hygiene.criteria]` of lehr.toml has them.
    #[arg(long, value_name = "FILE.toml")]
    criteria: Option<PathBuf>,
}

pub(super) async fn run(shared: &Shared, args: Args) -> Result<()> {
    match (args.mode, &args.clean) {
        (Some(Mode::Report), Some(_)) => {
            return Err(Usage(anyhow!("--clean goes with --mode drop; leave one out")).into());
        }
        (Some(Mode::Drop), None) => {
            let missing = anyhow!("--mode drop needs --clean FILE for what is not dropped");
            return Err(Usage(missing).into());
        }
        _ => {}
    }
    let template = args.template.as_deref().map(read).transpose()?.unwrap_or_default();
    let mut criteria = match &args.criteria {
        Some(file) => criteria(file).map_err(Usage)?,
        None => Criteria::default(),
    };
    let data = data_dir(shared.data_dir.as_deref()).map_err(Usage)?;
    let models = ModelStore::open(models_dir().map_err(Usage)?);
    criteria.paraphrase.embed = args.embed.unwrap_or(criteria.paraphrase.embed);
    let choice = match criteria.paraphrase.embed {
        Embed::Off => EmbedderChoice::Off,
        Embed::Candidates | Embed::All => EmbedderChoice::Auto,
    };
    let embedder = choice.open(&models).await.map_err(Usage)?;
    let rules = Rules { criteria, embedder, judge: None };
    let checked = tokio::task::spawn_blocking(move || {
        let summary = check(&data.join("benchmarks"), rules, &template, &args)?;
        Ok::<_, anyhow::Error>((summary, args))
    });
    let (summary, args) = checked.await.context("the check failed")??;
    shared.style().print(&summary, |summary| describe(summary, &args))
}

/// Results are written aside and renamed: a report is whole, or it is not there.
fn check(benchmarks: &Path, rules: Rules, template: &str, args: &Args) -> Result<Summary> {
    let view = BenchmarkRegistry::open_with(benchmarks, rules)?.view()?;
    let mut report = aside(&args.out)?;
    let mut clean = args.clean.as_deref().map(aside).transpose()?;
    let sinks = Sinks {
        report: &mut report,
        clean: clean.as_mut().map(|clean| clean as &mut dyn std::io::Write),
    };
    let summary = check_file(&view, template, &args.file, sinks)
        .map_err(blame)
        .with_context(|| format!("cannot check {}", args.file.display()))?;
    // The report last: where it is, the clean documents are too.
    if let (Some(clean), Some(path)) = (clean, &args.clean) {
        keep(clean, path)?;
    }
    keep(report, &args.out)?;
    Ok(summary)
}

fn read(path: &Path) -> Result<String, Usage> {
    std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))
        .map_err(Usage)
}

fn criteria(path: &Path) -> Result<Criteria> {
    let text = read(path)?;
    let at_fault = || format!("the criteria in {} are at fault", path.display());
    let criteria: Criteria = toml::from_str(&text).with_context(at_fault)?;
    check_criteria(&criteria).map_err(|reason| anyhow!(reason)).with_context(at_fault)?;
    Ok(criteria)
}

fn mode(text: &str) -> Result<Mode, String> {
    match text {
        "report" => Ok(Mode::Report),
        "drop" => Ok(Mode::Drop),
        _ => Err("use report or drop".into()),
    }
}

fn embed(text: &str) -> Result<Embed, String> {
    match text {
        "off" => Ok(Embed::Off),
        "candidates" => Ok(Embed::Candidates),
        "all" => Ok(Embed::All),
        _ => Err("use off, candidates or all".into()),
    }
}

/// Whether the documents are at fault, or what they are checked with.
fn blame(error: HygieneError) -> anyhow::Error {
    match error {
        HygieneError::File { .. }
        | HygieneError::Json { .. }
        | HygieneError::TextTooLong { .. } => Usage(error.into()).into(),
        error => error.into(),
    }
}

fn describe(summary: &Summary, args: &Args) -> String {
    let mut text = format!(
        "{} documents checked, {} contaminated; findings in {}",
        summary.documents,
        summary.contaminated,
        args.out.display()
    );
    if let Some(clean) = &args.clean {
        let kept = summary.documents - summary.contaminated;
        text += &format!(", {kept} clean documents in {}", clean.display());
    }
    let kinds = summary.by_kind.iter().map(|(name, count)| (*name, count));
    let benchmarks = summary.by_benchmark.iter().map(|(name, count)| (name.as_str(), count));
    for (name, count) in kinds.chain(benchmarks) {
        text += &format!("\n  {name:<24} {count}");
    }
    text
}
