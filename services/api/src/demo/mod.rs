//! The demonstration: everything once, through the public interfaces only.
//!
//! It runs `lehr` and `trainer` as a user would, in child processes, and speaks HTTP to the
//! service. It calls nothing inside the pipeline; what it shows is what anybody gets. It never
//! touches a reply: when the small model yields nothing for a domain, the report says so.

mod assignment;
mod chart;
mod process;
mod report;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::client::Client;
use assignment::Assignment;
use process::{Programs, Service};

/// What the demonstration is to do.
pub struct Demo {
    /// The directory for everything it makes; must not exist.
    pub out: PathBuf,
    /// How much of it.
    pub size: Size,
}

/// How much the demonstration does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    /// What fits into ten minutes on two cores.
    Full,
    /// Just enough to go all the way, for tests.
    Small,
}

/// What was found on the way, in the order of the report.
pub(crate) struct Findings {
    pub model: Value,
    pub benchmark: Value,
    /// The request when it was completed.
    pub progress: Value,
    pub samples: Vec<Value>,
    pub generation_seconds: f64,
    /// Tokens a second of replies, over the whole generation.
    pub tokens_per_second: f64,
    pub mix: Value,
    pub before: Value,
    pub after: Value,
    pub metrics: Vec<Value>,
    pub checkpoint: PathBuf,
    pub training_seconds: f64,
    pub total_seconds: f64,
}

/// Runs the demonstration and prints what was made.
///
/// # Errors
/// The first step that fails; what was made until then stays in the directory.
pub async fn run(demo: &Demo) -> Result<()> {
    let began = Instant::now();
    if demo.out.exists() {
        bail!("{} exists already; name another directory with --out", demo.out.display());
    }
    std::fs::create_dir_all(&demo.out)
        .with_context(|| format!("cannot make {}", demo.out.display()))?;
    let out = demo.out.canonicalize().context("the demonstration's directory is gone")?;
    let assignment = Assignment::of(demo.size);

    heading("programs and model");
    let programs = Programs::find()?;
    let model = programs.lehr_json(&["model", "pull"])?;
    println!("  {}", model["path"].as_str().unwrap_or_default());

    heading("service");
    let service = Service::start(&programs, &out.join("data")).await?;
    let client = Client::new(service.address())?;
    println!("  {} (try {}/openapi.json)", service.address(), service.address());

    heading("benchmark");
    let path = out.join("benchmark.jsonl");
    write(&path, &assignment::benchmark_jsonl())?;
    let bytes = std::fs::read(&path).context("the benchmark is gone")?;
    let benchmark = client.post_bytes("/v1/benchmarks/demo-benchmark", bytes).await?;
    println!("  {} items registered; no sample may overlap with them", benchmark["items"]);

    heading("samples");
    let request = assignment.request();
    write(&out.join("request.json"), &serde_json::to_string_pretty(&request)?)?;
    let generation = Instant::now();
    let created = client.post("/v1/requests", &request, Some("demo")).await?;
    let id = created["id"].as_str().context("the service named no request")?.to_owned();
    let progress = follow(&client, &id).await?;
    let generation_seconds = generation.elapsed().as_secs_f64();
    let tokens = progress["usage"]["completion_tokens"].as_f64().unwrap_or_default();
    let samples = client.pages(&format!("/v1/requests/{id}/samples")).await?;

    heading("mix");
    let recipe = assignment.mix(&id, &samples)?;
    write(&out.join("mix-recipe.json"), &serde_json::to_string_pretty(&recipe)?)?;
    let mix = client.post("/v1/mixes", &recipe, None).await?;
    let mix_dir = PathBuf::from(mix["directory"].as_str().context("the mix has no directory")?);
    println!("  {}", mix_dir.display());
    drop(service);

    heading("checkpoint");
    let original = model["path"].as_str().context("the model has no file")?;
    let start = out.join("checkpoint");
    programs.trainer_json(&[
        "import".as_ref(),
        original.as_ref(),
        "--out".as_ref(),
        start.as_os_str(),
    ])?;
    println!("  {}", start.display());
    let before = evaluate(&programs, &start, &mix_dir)?;
    println!("  loss on held-out samples before annealing: {:.4}", loss(&before));

    heading("annealing");
    let config = out.join("anneal.toml");
    write(&config, &assignment.anneal_toml())?;
    let training = Instant::now();
    let run = out.join("run");
    let finished = programs.anneal(&start, &mix_dir, &run, &config, |step| {
        println!(
            "  step {:>3} {:<6} context {:>5}  rope base {:>9}  lr {:.2e}  loss {:.4}  {:.0} tokens/s",
            step["step"],
            step["phase"].as_str().unwrap_or_default(),
            step["context"],
            step["rope_theta"].as_f64().unwrap_or_default(),
            step["lr"].as_f64().unwrap_or_default(),
            loss(step),
            step["tokens_per_s"].as_f64().unwrap_or_default(),
        );
    })?;
    let training_seconds = training.elapsed().as_secs_f64();
    let checkpoint =
        PathBuf::from(finished["checkpoint"].as_str().context("the trainer named no checkpoint")?);
    let after = evaluate(&programs, &checkpoint, &mix_dir)?;

    let findings = Findings {
        model,
        benchmark,
        progress,
        samples,
        generation_seconds,
        tokens_per_second: tokens / generation_seconds.max(1e-9),
        mix,
        before,
        after,
        metrics: read_jsonl(&run.join("metrics.jsonl"))?,
        checkpoint,
        training_seconds,
        total_seconds: began.elapsed().as_secs_f64(),
    };
    let page = out.join("report.html");
    write(&page, &report::render(&findings)?)?;
    heading("done");
    println!("{}", report::summary(&findings, &page));
    Ok(())
}

fn heading(text: &str) {
    println!("\n== {text}");
}

fn loss(value: &Value) -> f64 {
    value["loss"].as_f64().unwrap_or(f64::NAN)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn read_jsonl(path: &Path) -> Result<Vec<Value>> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().map(serde_json::from_str);
    lines.collect::<Result<_, _>>().with_context(|| format!("{} is damaged", path.display()))
}

fn evaluate(programs: &Programs, checkpoint: &Path, mix: &Path) -> Result<Value> {
    let arguments = [
        "eval".as_ref(),
        checkpoint.as_os_str(),
        "--data".as_ref(),
        mix.as_os_str(),
        "--heldout".as_ref(),
    ];
    programs.trainer_json(&arguments)
}

/// Follows the request, printing where it stands every few seconds.
async fn follow(client: &Client, id: &str) -> Result<Value> {
    const EVERY: Duration = Duration::from_secs(5);
    let began = Instant::now();
    let mut told = None::<Instant>;
    let end = client
        .watch(id, |progress| {
            let last =
                progress["state"] != json!("running") && progress["state"] != json!("queued");
            if last || told.is_none_or(|told| told.elapsed() >= EVERY) {
                told = Some(Instant::now());
                let tokens = progress["usage"]["completion_tokens"].as_f64().unwrap_or_default();
                println!(
                    "  {:>4.0}s  {}  ({:.0} tokens/s settled)",
                    began.elapsed().as_secs_f64(),
                    crate::command::describe_request(progress),
                    tokens / began.elapsed().as_secs_f64().max(1.0),
                );
            }
        })
        .await?;
    match end["state"].as_str() {
        Some("completed") => Ok(end),
        state => bail!(
            "the request ended as {}: {}",
            state.unwrap_or("nothing known"),
            end["reason"].as_str().unwrap_or_default()
        ),
    }
}
