//! The demonstration's report: one HTML page that needs no network.

use std::path::Path;

use anyhow::{Context, Result};
use minijinja::{AutoEscape, Environment, context};
use plotters::style::RGBColor;
use serde_json::{Value, json};

use super::chart::Curve;
use super::{Findings, assignment, loss};

const TEMPLATE: &str = include_str!("report.html");

/// Samples shown of each domain and kind of end.
const SHOWN: usize = 2;

/// Renders the page.
///
/// # Errors
/// When a chart or the template fails.
pub(super) fn render(findings: &Findings) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", TEMPLATE).context("the report's template is at fault")?;
    let page = environment.get_template("report").context("the report's template is gone")?;
    let charts = charts(findings)?;
    page.render(context! {
        model => findings.model,
        benchmark => findings.benchmark,
        progress => findings.progress,
        funnel => funnel(&findings.progress["funnel"]),
        jobs => findings.progress["jobs"].as_array().map(|jobs| {
            jobs.iter().map(|job| json!({"recipe": job["recipe"], "bars": funnel(&job["funnel"]),
                "funnel": job["funnel"]})).collect::<Vec<_>>()
        }),
        domains => domains(findings),
        planted => assignment::LEAKED,
        tokens_per_second => findings.tokens_per_second,
        generation_seconds => findings.generation_seconds,
        mix => findings.mix["manifest"],
        mix_directory => findings.mix["directory"],
        charts => charts,
        before => loss(&findings.before),
        after => loss(&findings.after),
        heldout_tokens => findings.after["tokens"],
        heldout_documents => findings.after["documents"],
        steps => findings.metrics.len(),
        last => findings.metrics.last(),
        checkpoint => findings.checkpoint.display().to_string(),
        training_seconds => findings.training_seconds,
        total_seconds => findings.total_seconds,
    })
    .context("the report cannot be rendered")
}

/// The last words of the demonstration.
pub(super) fn summary(findings: &Findings, page: &Path) -> String {
    let funnel = &findings.progress["funnel"];
    let mut text = format!(
        "samples: {}\ngeneration: {} tokens of replies in {:.0} s, {:.0} tokens/s\n",
        crate::command::describe_request(&findings.progress),
        findings.progress["usage"]["completion_tokens"],
        findings.generation_seconds,
        findings.tokens_per_second,
    );
    for domain in domains(findings) {
        text.push_str(&format!("  {}\n", domain["sentence"].as_str().unwrap_or_default()));
    }
    text.push_str(&format!(
        "annealing: {} steps in {:.0} s; loss on held-out samples {:.4} before, {:.4} after\n\
         total: {:.0} s ({} of {} items accepted)\n\n\
         mix         {}\ncheckpoint  {}\nreport      {}",
        findings.metrics.len(),
        findings.training_seconds,
        loss(&findings.before),
        loss(&findings.after),
        findings.total_seconds,
        funnel["accepted"],
        funnel["planned"],
        findings.mix["directory"].as_str().unwrap_or_default(),
        findings.checkpoint.display(),
        page.display(),
    ));
    text
}

/// The parts of a funnel with their shares, for the bar.
fn funnel(funnel: &Value) -> Vec<Value> {
    let planned = funnel["planned"].as_f64().unwrap_or_default().max(1.0);
    let part = |class: &str, name: &str, count: &Value| {
        let count = count.as_u64().unwrap_or_default();
        json!({"class": class, "name": name, "count": count, "percent": count as f64 / planned * 100.0})
    };
    let mut parts = vec![part("accepted", "accepted", &funnel["accepted"])];
    for class in ["rejected", "failed"] {
        for (reason, count) in funnel[class].as_object().into_iter().flatten() {
            parts.push(part(class, reason, count));
        }
    }
    parts.push(part("pending", "pending", &funnel["pending"]));
    parts.retain(|part| part["count"] != 0);
    parts
}

/// What each domain gave, in words, with some samples of each end.
fn domains(findings: &Findings) -> Vec<Value> {
    ["math", "code", "science"].map(|domain| {
        let of = || findings.samples.iter().filter(move |sample| sample["domain"] == domain);
        let ended = |state: &'static str| of().filter(move |s| s["settled"]["state"] == state);
        let (planned, accepted) = (of().count(), ended("accepted").count());
        let sentence = if accepted == 0 {
            format!("{domain}: the model gave no sample that passed, out of {planned}")
        } else {
            format!("{domain}: {accepted} of {planned} accepted, every one the model's own reply")
        };
        // Rejections by their reasons in turn, so that the page shows more than one kind.
        let mut rejected: Vec<&Value> = Vec::new();
        for sample in ended("rejected").chain(ended("failed")) {
            let reason = &sample["settled"]["reason"];
            if rejected.iter().filter(|other| other["settled"]["reason"] == *reason).count() < SHOWN {
                rejected.push(sample);
            }
        }
        let accepted: Vec<Value> = ended("accepted").take(SHOWN).map(show).collect();
        let rejected: Vec<Value> = rejected.into_iter().map(show).collect();
        json!({"name": domain, "sentence": sentence, "accepted": accepted, "rejected": rejected})
    })
    .to_vec()
}

/// A sample as the page shows it.
fn show(sample: &Value) -> Value {
    let last = sample["attempts"].as_array().and_then(|tries| tries.last());
    let problem = &sample["problem"];
    let evidence = sample["verdict"]["evidence"].as_object().map(|evidence| {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        evidence.iter().map(|(name, value)| json!([name, text(value)])).collect::<Vec<_>>()
    });
    json!({
        "id": sample["id"],
        "recipe": sample["recipe"],
        "source": sample["seed"]["source"],
        "statement": problem["statement"],
        "options": problem["options"],
        "reply": last.map(|tried| tried["reply"].clone()),
        "tries": sample["attempts"].as_array().map_or(0, Vec::len),
        "verdict": sample["verdict"]["verdict"],
        "reason": sample["verdict"]["reason"],
        "settled": sample["settled"],
        "evidence": evidence,
        "pass_rate": sample["pass_rate"],
    })
}

fn charts(findings: &Findings) -> Result<Value> {
    let metrics = &findings.metrics;
    let border = metrics
        .windows(2)
        .find(|pair| pair[0]["phase"] != pair[1]["phase"])
        .and_then(|pair| pair[1]["step"].as_f64())
        .map(|step| step - 0.5);
    let curve = |field: &str| -> Vec<(f64, f64)> {
        let point = |row: &Value| Some((row["step"].as_f64()?, row[field].as_f64()?));
        metrics.iter().filter_map(point).collect()
    };
    let draw = |label, field, marks, color, scientific| {
        Curve { label, points: curve(field), marks, border, color, scientific }.svg()
    };
    let steps = metrics.len() as f64;
    let heldout = vec![
        (0.0, loss(&findings.before), "held out, before".to_owned()),
        (steps + 0.9, loss(&findings.after), String::new()),
    ];
    Ok(json!({
        "loss": draw("loss (nats per token)", "loss", heldout, RGBColor(40, 90, 160), false)?,
        "lr": draw("learning rate", "lr", vec![], RGBColor(60, 130, 80), true)?,
        "norm": draw("gradient norm", "grad_norm", vec![], RGBColor(120, 80, 150), false)?,
    }))
}
