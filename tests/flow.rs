//! The whole product once, on the real model, through its public interfaces.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use lehr_tests::program;
use serde_json::Value;
use tempfile::TempDir;

fn json(path: impl AsRef<Path>) -> Result<Value> {
    let path = path.as_ref();
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_slice(&text)?)
}

/// `lehr demo` with small counts. The model is fetched as a user would fetch it, into the user's
/// cache, once.
#[test]
fn the_demonstration_goes_all_the_way() -> Result<()> {
    let home = TempDir::new()?;
    let out = home.path().join("demo");
    program("trainer")?;
    let output = Command::new(program("lehr")?)
        .args(["demo", "--size", "small", "--out"])
        .arg(&out)
        .env_remove("CARGO")
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("report.html"), "{said}");

    // The planted leak was caught, and nothing is unaccounted for.
    let page = std::fs::read_to_string(out.join("report.html"))?;
    assert!(page.contains("rejected: contaminated"), "no leak was caught");
    assert!(!page.contains("http://") || page.contains("http://www.w3.org"), "needs a network");

    let manifest = json(out.join("data/mixes/demo/mix.json"))?;
    for file in manifest["files"].as_array().context("files")? {
        assert!(out.join("data/mixes/demo").join(file["path"].as_str().context("path")?).exists());
    }

    // Two phases: the context grew sevenfold and the RoPE base by 49 on the way.
    let metrics = std::fs::read_to_string(out.join("run/metrics.jsonl"))?;
    let steps: Vec<Value> = metrics.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let (first, last) = (steps.first().context("no steps")?, steps.last().context("no steps")?);
    let number = |row: &Value, field: &str| row[field].as_f64().unwrap_or_default();
    assert_eq!(number(last, "context"), 7.0 * number(first, "context"));
    assert_eq!(number(last, "rope_theta"), 49.0 * number(first, "rope_theta"));
    assert!(number(last, "lr") < number(first, "lr"));
    assert!(steps.iter().all(|row| number(row, "loss").is_finite() && number(row, "loss") > 0.0));

    // The checkpoint says so too, and the trainer takes it.
    let line = said.lines().find(|line| line.starts_with("checkpoint ")).context("checkpoint")?;
    let checkpoint = PathBuf::from(line.trim_start_matches("checkpoint").trim());
    let config = json(checkpoint.join("config.json"))?;
    assert_eq!(number(&config, "rope_theta"), number(last, "rope_theta"));
    let evaluated = Command::new(program("trainer")?)
        .arg("eval")
        .arg(&checkpoint)
        .arg("--data")
        .arg(out.join("data/mixes/demo"))
        .args(["--heldout", "--json"])
        .output()?;
    assert!(evaluated.status.success(), "{}", String::from_utf8_lossy(&evaluated.stderr));
    Ok(())
}
