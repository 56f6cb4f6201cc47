use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use lehr_hygiene::quality::{
    QualityCriteria, QualityError, QualityModel, QualitySummary, SequenceClassifier, TextKind,
    assess_documents,
};

use super::super::aside::{aside, keep};
use super::super::{Shared, Usage};

/// `lehr hygiene quality ...`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The documents: JSONL or Parquet with `text` or `messages`.
    file: PathBuf,
    /// Where the findings go, one object a line in the same order.
    #[arg(long, value_name = "REPORT")]
    out: PathBuf,
    /// What the documents are, which decides the limits: running text, reasoning with formulas and code in
    /// it, or programs.
    #[arg(long, value_parser = kind, default_value = "reasoning", value_name = "prose|reasoning|code")]
    kind: TextKind,
    /// Limits in the place of the usual ones of their `kind`, as TOML.
    #[arg(long, value_name = "FILE.toml", conflicts_with = "kind")]
    criteria: Option<PathBuf>,
    /// The directory of a sequence classifier (`config.json`, `tokenizer.json`, `model.safetensors`)
    /// that scores each document from 1 to 5 besides.
    #[arg(long, value_name = "DIR")]
    classifier: Option<PathBuf>,
}

pub(super) fn run(shared: &Shared, args: Args) -> Result<()> {
    let criteria = match &args.criteria {
        Some(path) => read(path).map_err(Usage)?,
        None => QualityCriteria::of(args.kind),
    };
    let classifier = args.classifier.as_deref().map(SequenceClassifier::open).transpose();
    let classifier = classifier.map_err(blame)?;
    let model = classifier.as_ref().map(|classifier| classifier as &dyn QualityModel);
    let mut report = aside(&args.out)?;
    let summary = assess_documents(&args.file, &criteria, model, &mut report)
        .map_err(blame)
        .with_context(|| format!("cannot assess {}", args.file.display()))?;
    keep(report, &args.out)?;
    shared.style().print(&summary, |summary| describe(summary, &args.out))
}

fn read(path: &Path) -> Result<QualityCriteria> {
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text)
        .with_context(|| format!("the criteria in {} are at fault", path.display()))
}

fn kind(text: &str) -> Result<TextKind, String> {
    match text {
        "prose" => Ok(TextKind::Prose),
        "reasoning" => Ok(TextKind::Reasoning),
        "code" => Ok(TextKind::Code),
        _ => Err("use prose, reasoning or code".into()),
    }
}

/// Whether the documents or the classifier are at fault, or the work failed.
fn blame(error: QualityError) -> anyhow::Error {
    match error {
        QualityError::File { .. } | QualityError::Unsupported { .. } | QualityError::Row(_) => {
            Usage(error.into()).into()
        }
        error => error.into(),
    }
}

fn describe(summary: &QualitySummary, out: &Path) -> String {
    let mut text = format!(
        "{} documents assessed, {} good, mean score {:.3}; findings in {}",
        summary.documents,
        summary.good,
        summary.mean_score,
        out.display()
    );
    if let Some(mean) = summary.mean_model_score {
        text += &format!("\nmean score of the classifier: {mean:.2} of 5");
    }
    for (rule, count) in &summary.reasons {
        text += &format!("\n  {:<20} {count}", rule.name());
    }
    text
}
