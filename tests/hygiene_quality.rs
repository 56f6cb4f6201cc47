//! How well leaks are found, on texts of which it is known whether they quote a benchmark; through the
//! command line, with the embedding model that a user would fetch.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::{Context, Result, ensure};
use lehr_tests::labelled::{Class, LabelledSet};
use lehr_tests::{error_of, lehr};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What a class must reach: precision against the clean documents, and recall.
fn bar(class: Class) -> (f64, f64) {
    match class {
        Class::Renamed => (0.95, 0.90),
        Class::Paraphrased => (0.90, 0.80),
        _ => (0.99, 0.99),
    }
}

/// The kind of overlap that a class is found by. What that kind flags among clean documents counts
/// against the class.
fn kind(class: Class) -> &'static str {
    match class {
        Class::Renamed => "code",
        Class::Paraphrased => "paraphrase",
        _ => "words",
    }
}

fn run(home: &TempDir, arguments: &[&str]) -> Result<()> {
    let output = lehr(home.path(), arguments)?;
    let told = error_of(&output)?;
    ensure!(output.status.success(), "lehr {arguments:?}: {told}");
    Ok(())
}

#[test]
fn leaks_are_found_and_clean_texts_are_left_alone() -> Result<()> {
    let home = TempDir::new()?;
    let set = LabelledSet::make();
    let write = |name: &str, rows: &[Value]| -> Result<()> {
        let mut file = std::fs::File::create(home.path().join(name))?;
        rows.iter().try_for_each(|row| writeln!(file, "{row}"))?;
        Ok(())
    };
    write("items.jsonl", &set.items)?;
    let numbered = set.documents.iter().enumerate();
    let documents: Vec<_> = numbered.map(|(id, d)| json!({"id": id, "text": d.text})).collect();
    write("documents.jsonl", &documents)?;

    run(&home, &["model", "pull", "all-minilm-l6-v2"])?;
    run(&home, &["benchmark", "add", "labelled", "items.jsonl"])?;
    run(&home, &["hygiene", "check", "documents.jsonl", "--out", "report.jsonl"])?;
    let report = std::fs::read_to_string(home.path().join("report.jsonl"))?;
    let found: Vec<Value> = report.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(found.len() == set.documents.len(), "{} reports", found.len());

    let mut flagged: BTreeMap<Class, Vec<usize>> = BTreeMap::new();
    let mut false_alarms: BTreeMap<String, usize> = BTreeMap::new();
    for (at, (document, found)) in set.documents.iter().zip(&found).enumerate() {
        let contaminated = found["contaminated"].as_bool().context("contaminated is a boolean")?;
        if contaminated {
            flagged.entry(document.class).or_default().push(at);
        }
        if contaminated != document.class.is_contaminated() {
            let nearest = &found["overlaps"][0];
            println!("{:?} {at}: {contaminated} {}", document.class, nearest["reason"]);
        }
        if contaminated && !document.class.is_contaminated() {
            let kind = found["overlaps"][0]["kind"].as_str().unwrap_or_default().to_owned();
            *false_alarms.entry(kind).or_default() += 1;
        }
    }
    let mut short = Vec::new();
    println!(
        "{:<14} {:>9} {:>8} {:>9} {:>6}",
        "class", "documents", "flagged", "precision", "recall"
    );
    for class in Class::ALL {
        let all = set.documents.iter().filter(|document| document.class == class).count();
        let hits = flagged.get(&class).map_or(0, Vec::len);
        if !class.is_contaminated() {
            println!("{:<14} {all:>9} {hits:>8}", format!("{class:?}"));
            if hits * 100 >= all {
                short.push(format!("{class:?}: {hits} of {all} flagged"));
            }
            continue;
        }
        let wrong = false_alarms.get(kind(class)).copied().unwrap_or(0);
        let precision = hits as f64 / (hits + wrong).max(1) as f64;
        let recall = hits as f64 / all as f64;
        let name = format!("{class:?}");
        println!("{name:<14} {all:>9} {hits:>8} {precision:>9.3} {recall:>6.3}");
        if precision < bar(class).0 || recall < bar(class).1 {
            short.push(format!("{class:?}: precision {precision:.3}, recall {recall:.3}"));
        }
    }
    ensure!(short.is_empty(), "below the bars: {short:?}");
    Ok(())
}
