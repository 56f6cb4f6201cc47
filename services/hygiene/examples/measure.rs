//! Measures the check on one's own files: how many questions of a benchmark are found verbatim,
//! inside a longer text and with words replaced; how many other texts are flagged, with the evidence
//! for each; and how fast.
//!
//! ```text
//! cargo run --release -p lehr-hygiene --example measure -- --benchmark FILE [--benchmark FILE] --texts FILE
//! ```
//!
//! Texts are JSONL; of each line the first string among the fields of questions is taken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use lehr_hygiene::{AddOptions, BenchmarkRegistry, QUESTION_FIELDS, token::tokens};
use serde_json::Value;

fn main() -> Result<()> {
    let (benchmarks, texts) = arguments()?;
    let dir = tempfile::tempdir()?;
    let registry = BenchmarkRegistry::open(dir.path())?;
    let mut questions = Vec::new();
    for (number, path) in benchmarks.iter().enumerate() {
        let start = Instant::now();
        let info =
            registry.add(&format!("benchmark-{number}"), path, &AddOptions::default())?.into_info();
        println!("{}: {} items in {:.2?}", path.display(), info.items, start.elapsed());
        questions.push(read(path)?);
    }
    for (path, questions) in benchmarks.iter().zip(&questions) {
        println!("\n{}", path.display());
        recall(&registry, questions)?;
    }
    for path in texts {
        println!("\n{}", path.display());
        flagged(&registry, &read(&path)?)?;
    }
    Ok(())
}

/// How many questions are found, as they are and changed.
fn recall(registry: &BenchmarkRegistry, questions: &[String]) -> Result<()> {
    let mut draw = Draw(7);
    let (mut found, mut missed) = (BTreeMap::new(), Vec::new());
    for (at, question) in questions.iter().enumerate() {
        let around = &questions[(at + questions.len() / 2) % questions.len()];
        let around = around.split_once(' ').map_or("", |(_, rest)| rest).to_uppercase();
        let cut = around.char_indices().nth(40).map_or(0, |(at, _)| at);
        let mut variants = vec![
            ("verbatim".to_owned(), question.clone()),
            (
                "in upper case, full width blanks".to_owned(),
                question.to_uppercase().replace(' ', "\u{3000}"),
            ),
            (
                "inside other text".to_owned(),
                format!("Sure! Solve this. {question} {}", &around[..cut]),
            ),
        ];
        for percent in [5, 10, 15, 20, 30] {
            let edited = replace(question, percent, &mut draw);
            variants.push((format!("{percent}% of words replaced"), edited));
        }
        for (name, text) in variants {
            let result = registry.check(&text)?;
            if name == "verbatim" && !result.contaminated {
                missed.push(question);
            }
            *found.entry(name).or_insert(0) += usize::from(result.contaminated);
        }
    }
    for (name, count) in found {
        let share = count as f64 / questions.len() as f64;
        println!("  found {count:>6} of {} ({share:.4}) {name}", questions.len());
    }
    missed.iter().for_each(|question| println!("  missed: {question:?}"));
    Ok(())
}

/// Which texts are flagged, and how fast all are checked.
fn flagged(registry: &BenchmarkRegistry, texts: &[String]) -> Result<()> {
    let bytes: usize = texts.iter().map(String::len).sum();
    let start = Instant::now();
    let results: Vec<_> =
        texts.iter().map(|text| registry.check(text)).collect::<Result<_, _>>()?;
    let seconds = start.elapsed().as_secs_f64();
    let mut near = [0usize; 10];
    let mut count = 0;
    for (text, result) in texts.iter().zip(&results) {
        let Some(best) = result.overlaps.first() else { continue };
        near[((best.score * 10.0) as usize).min(9)] += 1;
        if result.contaminated {
            count += 1;
            println!("  {:.2} {}/{}", best.score, best.benchmark, best.item);
            println!("    text: {}", text.replace('\n', " "));
            println!("    item: {}", best.benchmark_excerpt.replace('\n', " "));
        }
    }
    println!("  flagged {count} of {}; best scores by tenths {near:?}", texts.len());
    let (rate, speed) = (texts.len() as f64 / seconds, bytes as f64 / seconds / 1e6);
    println!("  {rate:.0} checks/s, {speed:.2} MB/s on one thread");
    Ok(())
}

/// Replaces about `percent` of the words by words of no language.
fn replace(text: &str, percent: u64, draw: &mut Draw) -> String {
    let mut edited = String::new();
    let mut at = 0;
    // `¾` is three tokens in one place.
    for token in tokens(text) {
        if token.start < at {
            continue;
        }
        edited.push_str(&text[at..token.start]);
        if draw.next() % 100 < percent {
            edited.push_str(&format!("qx{}", draw.next() % 1000));
        } else {
            edited.push_str(&text[token.start..token.end]);
        }
        at = token.end;
    }
    edited + &text[at..]
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same edits in every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }
}

fn arguments() -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let (mut benchmarks, mut texts) = (Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let file = arguments.next().with_context(|| format!("{name} needs a file"))?;
        match name.as_str() {
            "--benchmark" => benchmarks.push(file.into()),
            "--texts" => texts.push(file.into()),
            _ => bail!("unknown argument {name}; there are --benchmark FILE and --texts FILE"),
        }
    }
    if benchmarks.is_empty() {
        bail!("give at least one --benchmark FILE");
    }
    Ok((benchmarks, texts))
}

fn read(path: &Path) -> Result<Vec<String>> {
    let content = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let mut texts = Vec::new();
    for line in content.lines().filter(|line| !line.trim().is_empty()) {
        let value: Value = serde_json::from_str(line)?;
        let text = QUESTION_FIELDS.iter().find_map(|field| value.get(field)?.as_str());
        texts.push(text.context("a line has no field with a question")?.to_owned());
    }
    Ok(texts)
}
