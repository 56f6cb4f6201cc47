//! A mix's card: one HTML page that needs no network, made of nothing but the manifest.

use lehr_record::{DatasetCount, DatasetSource, MixManifest};
use minijinja::{AutoEscape, Environment, context};
use serde_json::{Value, json};

use crate::MixError;

mod chart;

const PAGE: &str = include_str!("card/page.html");

/// The page.
pub(crate) fn html(manifest: &MixManifest) -> Result<String, MixError> {
    let failed = |error: &dyn ToString| MixError::Card(error.to_string());
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("grouped", grouped);
    environment.add_filter("percent", percent);
    let recipe = serde_json::to_string_pretty(&manifest.recipe).map_err(|e| failed(&e))?;
    let rows: Vec<Value> = manifest
        .counts
        .iter()
        .zip(&manifest.targets)
        .zip(&manifest.recipe.datasets)
        .map(|((count, target), dataset)| {
            let source = match &dataset.source {
                DatasetSource::Request(request) => format!("request {request}"),
                DatasetSource::Mix(mix) => format!("mix {mix}"),
                DatasetSource::Path(path) => path.clone(),
            };
            let files: Vec<_> =
                manifest.sources.iter().filter(|file| file.dataset == dataset.name).collect();
            json!({"dataset": dataset, "count": count, "target": target, "source": source,
                   "files": files, "repeats": repeats(count)})
        })
        .collect();
    let sum = |of: fn(&DatasetCount) -> u64| manifest.counts.iter().map(of).sum::<u64>();
    let drops: Vec<Value> = lehr_record::Drops::default()
        .named()
        .iter()
        .enumerate()
        .map(|(at, (name, _))| {
            let each: Vec<u64> = manifest.counts.iter().map(|c| c.dropped.named()[at].1).collect();
            json!({"name": name.replace('_', " "), "all": each.iter().sum::<u64>(), "each": each})
        })
        .collect();
    let charts = chart::composition(manifest)
        .and_then(|composition| Ok((composition, chart::difficulty(&manifest.difficulty)?)));
    let (composition, difficulty) = charts.map_err(MixError::Card)?;
    environment
        .render_str(
            PAGE,
            context! {
                mix => manifest,
                recipe,
                rows,
                dedup => manifest.recipe.dedup,
                drops,
                tokens => sum(|count| count.tokens),
                asked => manifest.targets.iter().map(|target| target.tokens).sum::<u64>(),
                documents => sum(|count| count.documents),
                heldout => sum(|count| count.heldout),
                available => sum(|count| count.available),
                dropped => sum(|count| count.dropped.total()),
                reported => sum(|count| count.reported),
                composition,
                difficulty => manifest.difficulty.is_known().then_some(difficulty),
            },
        )
        .map_err(|e| failed(&e))
}

/// How often each usable token is there on the average.
fn repeats(count: &DatasetCount) -> f64 {
    count.tokens as f64 / count.usable_tokens.max(1) as f64
}

/// A whole number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share from 0 to 1 in percent, with what a small share needs.
fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
        assert_eq!(percent(0.0005), "0.05%");
    }
}
