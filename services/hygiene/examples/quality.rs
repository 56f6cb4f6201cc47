//! Measures the rules of quality on one's own files: which documents they flag and why, and how fast.
//!
//! ```text
//! cargo run --release -p lehr-hygiene --example quality -- prose|reasoning|code FIELD FILE...
//! ```
//!
//! Texts are JSONL or Parquet; of each row the string in FIELD is taken.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use lehr_hygiene::quality::{Quality, QualityCriteria, assess};
use lehr_hygiene::rows::{RowFault, each_row};
use serde_json::{Value, json};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().context("say prose, reasoning or code")?;
    let field = arguments.next().context("name the field")?;
    let criteria: QualityCriteria = serde_json::from_value(json!({ "kind": kind }))?;
    for file in arguments {
        let (mut documents, mut bytes, mut bad) = (0u32, 0usize, 0u32);
        let mut rules = BTreeMap::<_, u32>::new();
        let mut languages = BTreeMap::<_, u32>::new();
        let mut spent = Duration::ZERO;
        each_row(Path::new(&file), &[&field], |place, row| {
            let Some(Value::String(text)) = row.get(&field) else { return Ok::<_, RowFault>(()) };
            let start = Instant::now();
            let quality = assess(text, &criteria);
            spent += start.elapsed();
            documents += 1;
            bytes += text.len();
            bad += u32::from(!quality.good);
            *languages.entry(quality.language).or_default() += 1;
            for reason in &quality.reasons {
                *rules.entry(reason.rule).or_default() += 1;
            }
            show(&place, text, &quality);
            Ok(())
        })?;
        let speed = bytes as f64 / 1e6 / spent.as_secs_f64();
        println!("{file}: {documents} documents, {bad} not good, {speed:.1} MB/s on one core");
        println!("  rules {rules:?}\n  languages {languages:?}");
    }
    Ok(())
}

/// Prints what breaks a rule, to be read.
fn show(place: &str, text: &str, quality: &Quality) {
    if quality.reasons.is_empty() {
        return;
    }
    let start: String = text.chars().take(120).collect();
    println!("{place}: {:.2} {start:?}", quality.score);
    for reason in &quality.reasons {
        println!("    {}: {}", reason.rule.name(), reason.detail);
    }
}
