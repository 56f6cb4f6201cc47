//! `trainer pack`.

use std::path::PathBuf;

use lehr_trainer::data::PackingReport;
use lehr_trainer::run::{AnnealConfig, PackRequest, Packed, pack};
use serde_json::json;

use super::Ending;
use super::output::Output;

/// Datasets that the text lists; the JSON object has all.
const LISTED: usize = 40;

#[derive(Debug, clap::Args)]
pub(super) struct Pack {
    /// The mix, or a directory or file of documents (.jsonl, .parquet).
    #[arg(long, value_name = "DIR")]
    mix: PathBuf,
    /// The checkpoint whose tokenizer to use.
    #[arg(long, value_name = "CKPT")]
    from: PathBuf,
    /// Tokens of a row; may be given more than once [default: those of the configuration's phases].
    #[arg(long, value_name = "N")]
    context: Vec<usize>,
    /// The configuration whose seed and contexts to use [default: the recipe's].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where to keep the tokens for later runs, which are given the same directory [default: they
    /// are not kept].
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

impl Pack {
    pub(super) fn run(&self, output: &Output) -> anyhow::Result<Ending> {
        let config = match &self.config {
            Some(path) => AnnealConfig::read(path)?,
            None => AnnealConfig::default(),
        };
        let contexts = if self.context.is_empty() {
            config.phases.iter().map(|phase| phase.context).collect()
        } else {
            self.context.clone()
        };
        let request = PackRequest {
            from: self.from.clone(),
            mix: self.mix.clone(),
            contexts,
            seed: config.seed,
            cache: self.cache.clone(),
        };
        let packed = pack(&request, &mut |documents| {
            output.spin(format!("tokenising: {documents} documents"));
        })?;
        output.end();
        let Packed { report, tokenise_seconds, pack_seconds } = packed;
        let mut value = serde_json::to_value(&report)?;
        value["tokenise_s"] = json!(tokenise_seconds);
        value["pack_s"] = json!(pack_seconds);
        let rate = report.tokens as f64 / tokenise_seconds.max(1e-9);
        let text = format!(
            "{}\ntokenised in {tokenise_seconds:.2} s, {rate:.0} tokens/s; packed in \
             {pack_seconds:.2} s",
            text(&report)
        );
        output.event("packed", &value, &text);
        for warning in &report.warnings {
            output.warning(warning);
        }
        Ok(Ending::Done)
    }
}

fn text(report: &PackingReport) -> String {
    let mut text = format!(
        "{} documents of {} tokens; {} without text dropped",
        report.documents, report.tokens, report.empty_documents
    );
    for dataset in report.datasets.iter().take(LISTED) {
        text += &format!(
            "\n  {}: {} documents, {} tokens; of an epoch {:.2}%",
            dataset.name,
            dataset.documents,
            dataset.tokens,
            100.0 * dataset.share_reached,
        );
        if let Some(asked) = dataset.share_asked {
            text += &format!(", asked {:.2}%", 100.0 * asked);
        }
        if dataset.drawn_documents < dataset.documents {
            let left = dataset.documents - dataset.drawn_documents;
            text += &format!("; {left} documents left out of it for the recipe's sake");
        }
    }
    for context in &report.contexts {
        text += &format!(
            "\nat {} tokens a row: {} rows for {} tokens, {} padded (efficiency {:.3}%); {} \
             documents split into {} pieces",
            context.context,
            context.rows,
            context.tokens,
            context.padding,
            100.0 * context.efficiency,
            context.split_documents,
            context.split_pieces,
        );
    }
    text
}
