//! The whole product once, on the real model, through its public interfaces.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};
use lehr_tests::{Tree, adds_up, error_of, program, terminate};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

fn json(path: impl AsRef<Path>) -> Result<Value> {
    let path = path.as_ref();
    let text = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(serde_json::from_slice(&text)?)
}

/// `lehr demo` with small counts. The model is fetched as a user would fetch it, into the user's
/// cache, once.
fn demo(out: &Path) -> Result<Command> {
    program("trainer")?;
    let mut command = Command::new(program("lehr")?);
    command.args(["demo", "--size", "small", "--json", "--out"]).arg(out).env_remove("CARGO");
    Ok(command)
}

fn trainer(arguments: &[&str], paths: &[(&str, &Path)]) -> Result<Output> {
    let mut command = Command::new(program("trainer")?);
    command.args(arguments);
    for (flag, path) in paths {
        if !flag.is_empty() {
            command.arg(flag);
        }
        command.arg(path);
    }
    Ok(command.output()?)
}

#[test]
fn the_demonstration_goes_all_the_way() -> Result<()> {
    let home = TempDir::new()?;
    let out = home.path().join("demo");
    let output = demo(&out)?.output()?;
    let told = error_of(&output)?;
    ensure!(output.status.success(), "{told}");
    let said = String::from_utf8_lossy(&output.stdout);
    let made: Value = serde_json::from_str(&said).with_context(|| said.clone().into_owned())?;

    // Nothing is unaccounted for, the leaks were caught, and each domain has its count, or the
    // plain statement that it yielded nothing.
    assert!(adds_up(&made["funnel"]), "{made}");
    assert_eq!(made["funnel"]["pending"], 0, "{made}");
    assert_eq!(made["planted"], 3);
    assert_eq!(made["planted_caught"], 3);
    let page = std::fs::read_to_string(out.join("report.html"))?;
    assert!(page.contains("planted leaks: 3 of 3 were caught by the benchmark check"));
    let accepted: BTreeMap<String, u64> = serde_json::from_value(made["accepted"].clone())?;
    assert_eq!(accepted.keys().collect::<Vec<_>>(), ["code", "math", "science"]);
    assert_eq!(accepted.values().sum::<u64>(), made["funnel"]["accepted"]);
    for (domain, count) in &accepted {
        let sentence = match count {
            0 => format!("{domain}: the model gave no sample that passed, out of "),
            count => format!("{domain}: {count} of "),
        };
        assert!(page.contains(&sentence), "{sentence:?} is not in the report");
    }
    needs_no_network(&page)?;

    // The mix is what its manifest says.
    let mix = out.join("data/mixes/demo");
    let manifest = json(mix.join("mix.json"))?;
    let files = ["files", "heldout"].map(|part| manifest[part].as_array().cloned());
    let files: Vec<Value> = files.into_iter().flatten().flatten().collect();
    assert!(!files.is_empty());
    for file in &files {
        let bytes = std::fs::read(mix.join(file["path"].as_str().context("path")?))?;
        assert_eq!(file["sha256"], format!("{:x}", Sha256::digest(bytes)), "{file}");
    }

    // Two phases: the context grew sevenfold and the RoPE base by 49 on the way.
    let metrics = std::fs::read_to_string(out.join("run/metrics.jsonl"))?;
    let steps: Vec<Value> = metrics.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let (first, last) = (steps.first().context("no steps")?, steps.last().context("no steps")?);
    let number = |row: &Value, field: &str| row[field].as_f64().unwrap_or_default();
    assert_eq!(made["steps"], steps.len());
    assert_eq!(number(last, "context"), 7.0 * number(first, "context"));
    assert_eq!(number(last, "rope_theta"), 49.0 * number(first, "rope_theta"));
    assert!(number(last, "lr") < number(first, "lr"));
    assert!(steps.iter().all(|row| number(row, "loss").is_finite() && number(row, "loss") > 0.0));

    // The checkpoint says so too, and the trainer takes it.
    let checkpoint = PathBuf::from(made["checkpoint"].as_str().context("no checkpoint")?);
    let config = json(checkpoint.join("config.json"))?;
    assert_eq!(number(&config, "rope_theta"), number(last, "rope_theta"));
    let evaluated = trainer(&["eval", "--json"], &[("", &checkpoint), ("--data", &mix)])?;
    assert!(evaluated.status.success(), "{}", error_of(&evaluated)?);
    what_was_made_is_guarded(&out, &checkpoint, &mix)
}

/// A page that needs no network fetches nothing: no markup leads to another place. (What the model
/// said is escaped, and so is no markup.)
fn needs_no_network(page: &str) -> Result<()> {
    for sign in ["src=\"", "href=\"", "<link", "<script", "<iframe", "<object", "<embed"] {
        ensure!(!page.contains(sign), "the report has {sign:?}, which may need a network");
    }
    let head = page.split("</head>").next().unwrap_or_default();
    for sign in ["http", "url(", "@import"] {
        ensure!(!head.contains(sign), "the report's style has {sign:?}");
    }
    Ok(())
}

/// A run directory in use and a damaged mix are refused by name, and left as they were.
fn what_was_made_is_guarded(out: &Path, checkpoint: &Path, mix: &Path) -> Result<()> {
    let run = out.join("run");
    let before = Tree::of(&run)?;
    let again = [("--from", checkpoint), ("--mix", mix), ("--out", run.as_path())];
    let refused = trainer(&["anneal"], &again)?;
    let error = error_of(&refused)?;
    assert_eq!(refused.status.code(), Some(2), "{error}");
    assert!(error.contains(&run.display().to_string()), "{error}");
    assert_eq!(before.changes(&Tree::of(&run)?), Vec::<String>::new());

    let manifest = json(mix.join("mix.json"))?;
    let name = manifest["files"][0]["path"].as_str().context("no file")?;
    let mut bytes = std::fs::read(mix.join(name))?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(mix.join(name), bytes)?;
    let fresh = out.join("other-run");
    let again = [("--from", checkpoint), ("--mix", mix), ("--out", fresh.as_path())];
    let refused = trainer(&["anneal"], &again)?;
    let error = error_of(&refused)?;
    assert!(!refused.status.success(), "{error}");
    assert!(error.contains(name) && error.contains("SHA-256"), "{error}");
    assert!(!fresh.join("checkpoints").exists());
    Ok(())
}

/// SIGTERM in the middle: the service that the demonstration started ends with it.
#[test]
fn a_demonstration_that_is_stopped_leaves_nothing_running() -> Result<()> {
    let home = TempDir::new()?;
    let mut child = demo(&home.path().join("demo"))?.stderr(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stderr.take().context("no output")?).lines();
    let mut said = String::new();
    let address = loop {
        let line = lines.next().with_context(|| said.clone())??;
        if let Some((_, rest)) = line.split_once("http://") {
            break rest.split_whitespace().next().unwrap_or_default().to_owned();
        }
        said.push_str(&line);
    };
    assert!(TcpStream::connect(&address).is_ok(), "the service does not listen on {address}");
    terminate(&child)?;
    assert_eq!(child.wait()?.code(), Some(1));
    assert!(TcpStream::connect(&address).is_err(), "the service outlived the demonstration");
    let mut rest = lines.map_while(Result::ok);
    assert!(rest.any(|line| line.contains("stopped by a signal")));
    Ok(())
}
