//! How fast a corpus is checked and sketched on one core, beside datatrove on the same texts.
//!
//! ```text
//! cargo bench --profile dev -p lehr-hygiene --bench corpus -- --texts FILE --benchmark FILE... \
//!     [--limit BYTES] [--python PYTHON]
//! ```
//!
//! Texts are JSONL with a `text`. With `--python` the interpreter, which has the packages that `peer.py` names,
//! does the same work on the same texts. Embeddings are off. Reading the file is not timed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use lehr_hygiene::{AddOptions, BenchmarkRegistry, Sketch};
use serde_json::Value;

#[derive(Default)]
struct Arguments {
    texts: Option<PathBuf>,
    benchmarks: Vec<PathBuf>,
    limit: Option<u64>,
    python: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = arguments()?;
    let Some(texts) = &arguments.texts else {
        println!("nothing to measure: give --texts FILE and --benchmark FILE");
        return Ok(());
    };
    let limit = arguments.limit.unwrap_or(u64::MAX);
    let dir = tempfile::tempdir()?;
    let registry = BenchmarkRegistry::open(dir.path())?;
    for (number, path) in arguments.benchmarks.iter().enumerate() {
        let start = Instant::now();
        registry.add(&format!("benchmark-{number}"), path, &AddOptions::default())?;
        println!("{}: registered in {:.2?}", path.display(), start.elapsed());
    }
    let view = registry.view()?;
    let start = Instant::now();
    view.check("what is built at the first check")?;
    println!("index read into memory in {:.2?}", start.elapsed());

    let (mut bytes, mut documents, mut flagged) = (0, 0u64, 0u64);
    let (mut checking, mut sketching) = (Duration::ZERO, Duration::ZERO);
    for line in BufReader::new(File::open(texts)?).lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let text = row["text"].as_str().context("a line has no text")?;
        let start = Instant::now();
        flagged += u64::from(view.check(text)?.contaminated);
        let between = Instant::now();
        std::hint::black_box(Sketch::of(text));
        checking += between - start;
        sketching += between.elapsed();
        bytes += text.len() as u64;
        documents += 1;
        if bytes >= limit {
            break;
        }
    }
    let told = |what: &str, seconds: f64| {
        let (speed, rate) = (bytes as f64 / 1e6 / seconds, documents as f64 / seconds);
        println!("{what}: {speed:.2} MB/s, {rate:.0} documents/s");
        speed
    };
    println!("{documents} documents, {:.1} MB, {flagged} flagged", bytes as f64 / 1e6);
    let check = told("check", checking.as_secs_f64());
    let sketch = told("sketch", sketching.as_secs_f64());
    if let Some(python) = &arguments.python {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("benches/peer.py");
        let mut command = Command::new(python);
        command.arg(script).arg(texts).arg(limit.to_string()).args(&arguments.benchmarks);
        let output = command.output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let peer: Value = serde_json::from_slice(&output.stdout)?;
        let speed = |key: &str| -> Result<f64> {
            let seconds = peer[key].as_f64().context("the peer gave no time")?;
            Ok(bytes as f64 / 1e6 / seconds)
        };
        for (what, ours, theirs) in
            [("check", check, speed("decontamination_s")?), ("sketch", sketch, speed("minhash_s")?)]
        {
            println!("datatrove {what}: {theirs:.2} MB/s; ours is {:.1} times that", ours / theirs);
        }
    }
    Ok(())
}

fn arguments() -> Result<Arguments> {
    let mut found = Arguments::default();
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--texts" => found.texts = Some(value.into()),
            "--benchmark" => found.benchmarks.push(value.into()),
            "--limit" => found.limit = Some(value.parse()?),
            "--python" => found.python = Some(value.into()),
            _ => bail!("unknown argument {name}"),
        }
    }
    Ok(found)
}
