//! The demonstration: everything once, through the public interfaces only.
//!
//! It runs `lehr` and `trainer` as a user would, in child processes, and speaks HTTP to the
//! service. It calls nothing inside the pipeline; what it shows is what anybody gets. It never
//! touches a reply: when the small model yields nothing for a domain, the report says so.

mod assignment;
mod chart;
mod evidence;
mod findings;
mod process;
mod report;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Client;
use crate::output::Style;
use crate::signal::Signals;
use assignment::Assignment;
use findings::{Findings, Heldout, Training};
use process::{Programs, Service};

/// What the demonstration is to do.
pub struct Demo {
    /// The directory for everything it makes; must not exist.
    pub out: PathBuf,
    /// How much of it.
    pub size: Size,
    /// How it tells what it does and made.
    pub style: Style,
}

/// How much the demonstration does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Size {
    /// What fits into ten minutes on two cores.
    Full,
    /// Just enough to go all the way, for tests.
    Small,
}

/// Runs the demonstration and prints what was made.
///
/// # Errors
/// The first step that fails, or a signal to stop; what was made until then stays in the directory.
pub async fn run(demo: &Demo) -> Result<()> {
    let mut signals = Signals::take();
    tokio::select! {
        done = all(demo) => done,
        // Dropping the work ends the programs that it runs.
        () = signals.next() => bail!(
            "stopped by a signal; what was made until then is in {}", demo.out.display()
        ),
    }
}

async fn all(demo: &Demo) -> Result<()> {
    let began = Instant::now();
    let style = demo.style;
    let assignment = Assignment::of(demo.size);

    heading(style, "programs and model");
    let programs = Programs::find(style).await?;
    let model = programs.lehr_json(&["model", "pull"]).await?;
    style.tell(&format!("  {}", model["path"].as_str().unwrap_or_default()));

    let out = make(&demo.out)?;
    let mut findings = generate(&programs, &assignment, style, &out, model).await?;
    findings.total_seconds = began.elapsed().as_secs_f64();
    let page = out.join("report.html");
    write(&page, &report::render(&findings)?)?;
    heading(style, "done");
    style.print(&report::result(&findings, &page), |_| report::summary(&findings, &page))
}

/// Makes the directory, which must not be there yet.
fn make(out: &Path) -> Result<PathBuf> {
    if let Some(parent) = out.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make {}", parent.display()))?;
    }
    std::fs::create_dir(out).with_context(|| format!("cannot make {}", out.display()))?;
    out.canonicalize().context("the demonstration's directory is gone")
}

/// From the service to the samples, and on to training.
async fn generate(
    programs: &Programs,
    assignment: &Assignment,
    style: Style,
    out: &Path,
    model: Value,
) -> Result<Findings> {
    heading(style, "service");
    let service = Service::start(programs, &out.join("data")).await?;
    let client = Client::new(service.address())?;
    style.tell(&format!("  {0} (try {0}/openapi.json)", service.address()));

    heading(style, "benchmark");
    let path = out.join("benchmark.jsonl");
    write(&path, &assignment::benchmark_jsonl())?;
    let bytes = std::fs::read(&path).context("the benchmark is gone")?;
    let benchmark =
        client.send_file(Method::POST, "/v1/benchmarks/demo-benchmark", &[], bytes).await?;
    let items = &benchmark["items"];
    style.tell(&format!("  {items} items registered; no sample may overlap with them"));

    heading(style, "samples");
    let request = assignment.request();
    write(&out.join("request.json"), &serde_json::to_string_pretty(&request)?)?;
    let began = Instant::now();
    let created = client.post("/v1/requests", &request, Some("demo")).await?;
    let id = created["id"].as_str().context("the service named no request")?.to_owned();
    let progress = follow(&client, style, &id).await?;
    let generation_seconds = began.elapsed().as_secs_f64();
    let tokens = progress["usage"]["completion_tokens"].as_f64().unwrap_or_default();
    let samples = client.pages(&format!("/v1/requests/{id}/samples")).await?;

    heading(style, "mix");
    let mix = match assignment.mix(&id, &samples) {
        Some(recipe) => {
            write(&out.join("mix-recipe.json"), &serde_json::to_string_pretty(&recipe)?)?;
            Some(client.post("/v1/mixes", &recipe, None).await?)
        }
        None => None,
    };
    drop(service);
    let training = match mix {
        Some(mix) => Some(train(programs, assignment, style, out, &model, mix).await?),
        None => {
            style.tell(&format!("  {}", report::NOTHING_TO_MIX));
            None
        }
    };
    Ok(Findings {
        model,
        benchmark,
        progress,
        samples,
        generation_seconds,
        tokens_per_second: tokens / generation_seconds.max(1e-9),
        training,
        total_seconds: 0.0,
    })
}

/// From the mix to the annealed checkpoint.
async fn train(
    programs: &Programs,
    assignment: &Assignment,
    style: Style,
    out: &Path,
    model: &Value,
    mix: Value,
) -> Result<Training> {
    let directory = PathBuf::from(mix["directory"].as_str().context("the mix has no directory")?);
    style.tell(&format!("  {}", directory.display()));

    heading(style, "checkpoint");
    let original = model["path"].as_str().context("the model has no file")?;
    let start = out.join("checkpoint");
    let import = ["import".as_ref(), original.as_ref(), "--out".as_ref(), start.as_os_str()];
    programs.trainer_json(&import).await?;
    style.tell(&format!("  {}", start.display()));
    let apart = mix["manifest"]["heldout"].as_array().is_some_and(|files| !files.is_empty());
    let before = if apart {
        let before = evaluate(programs, assignment, &start, &directory).await?;
        style.tell(&format!("  loss on held-out samples before annealing: {:.4}", loss(&before)));
        Some(before)
    } else {
        style.tell(&format!("  {}", report::NOTHING_HELD_OUT));
        None
    };

    heading(style, "annealing");
    let config = out.join("anneal.toml");
    write(&config, &assignment.anneal_toml())?;
    let began = Instant::now();
    let run = out.join("run");
    let tell = |step: &Value| style.tell(&describe_step(step));
    let finished = programs.anneal(&start, &directory, &run, &config, tell).await?;
    let seconds = began.elapsed().as_secs_f64();
    let checkpoint =
        PathBuf::from(finished["checkpoint"].as_str().context("the trainer named no checkpoint")?);
    let heldout = match before {
        Some(before) => {
            let after = evaluate(programs, assignment, &checkpoint, &directory).await?;
            Some(Heldout { before, after })
        }
        None => None,
    };
    let metrics = read_jsonl(&run.join("metrics.jsonl"))?;
    Ok(Training { mix, metrics, checkpoint, seconds, heldout })
}

fn heading(style: Style, text: &str) {
    style.tell(&format!("\n== {text}"));
}

fn loss(value: &Value) -> f64 {
    value["loss"].as_f64().unwrap_or(f64::NAN)
}

fn describe_step(step: &Value) -> String {
    format!(
        "  step {:>3} {:<6} context {:>5}  rope base {:>9}  lr {:.2e}  loss {:.4}  {:.0} tokens/s",
        step["step"],
        step["phase"].as_str().unwrap_or_default(),
        step["context"],
        step["rope_theta"].as_f64().unwrap_or_default(),
        step["lr"].as_f64().unwrap_or_default(),
        loss(step),
        step["tokens_per_s"].as_f64().unwrap_or_default(),
    )
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

/// The loss on held-out samples, always in the same context: a model's own differs before and
/// after, and with it which tokens a prediction sees.
async fn evaluate(
    programs: &Programs,
    assignment: &Assignment,
    checkpoint: &Path,
    mix: &Path,
) -> Result<Value> {
    let context = assignment.context().to_string();
    let arguments = [
        "eval".as_ref(),
        checkpoint.as_os_str(),
        "--data".as_ref(),
        mix.as_os_str(),
        "--heldout".as_ref(),
        "--context".as_ref(),
        context.as_ref(),
    ];
    programs.trainer_json(&arguments).await
}

/// Follows the request, telling where it stands every few seconds.
async fn follow(client: &Client, style: Style, id: &str) -> Result<Value> {
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
                style.tell(&format!(
                    "  {:>4.0}s  {}  ({:.0} tokens/s settled)",
                    began.elapsed().as_secs_f64(),
                    crate::command::describe_request(progress),
                    tokens / began.elapsed().as_secs_f64().max(1.0),
                ));
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
