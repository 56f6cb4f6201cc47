//! The demonstration's report: one HTML page that needs no network.

use std::path::Path;

use anyhow::{Context, Result};
use minijinja::{AutoEscape, Environment, context};
use plotters::style::RGBColor;
use serde_json::{Value, json};

use super::chart::Curve;
use super::evidence::{domains, planted};
use super::findings::{Findings, Training};
use super::loss;

const TEMPLATE: &str = include_str!("report.html");

/// Said in place of a mix.
pub(super) const NOTHING_TO_MIX: &str =
    "No sample was accepted in any domain, so nothing was mixed and nothing annealed.";

/// Said in place of the loss on held-out samples.
pub(super) const NOTHING_HELD_OUT: &str = "Each domain gave too few accepted samples to hold one \
     out, so the loss before and after annealing was not measured.";

/// Renders the page.
///
/// # Errors
/// When a chart or the template fails.
pub(super) fn render(findings: &Findings) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("report", TEMPLATE).context("the report's template is at fault")?;
    let page = environment.get_template("report").context("the report's template is gone")?;
    let planted = planted(&findings.samples);
    let funnel = &findings.progress["funnel"];
    let jobs = findings.progress["jobs"].as_array().map_or(&[][..], Vec::as_slice);
    let jobs = jobs.iter().enumerate().map(|(at, job)| {
        // The planted items are the last job.
        let leaks = if at + 1 == jobs.len() { &planted["caught"] } else { &Value::Null };
        json!({"recipe": job["recipe"], "planned": job["funnel"]["planned"],
               "planted": !leaks.is_null(), "bars": bars(&job["funnel"], leaks)})
    });
    page.render(context! {
        model => findings.model,
        benchmark => findings.benchmark,
        usage => findings.progress["usage"],
        funnel => funnel,
        bars => bars(funnel, &planted["caught"]),
        jobs => jobs.collect::<Vec<_>>(),
        domains => domains(&findings.samples),
        planted => planted,
        tokens_per_second => findings.tokens_per_second,
        generation_seconds => findings.generation_seconds,
        training => findings.training.as_ref().map(training).transpose()?,
        nothing_to_mix => NOTHING_TO_MIX,
        nothing_held_out => NOTHING_HELD_OUT,
        total_seconds => findings.total_seconds,
    })
    .context("the report cannot be rendered")
}

/// The mix and the annealing, for the page.
fn training(training: &Training) -> Result<Value> {
    let heldout = training.heldout.as_ref().map(|heldout| {
        json!({
            "before": loss(&heldout.before),
            "after": loss(&heldout.after),
            "tokens": heldout.after["tokens"],
            "documents": heldout.after["documents"],
            "context": heldout.after["context"],
        })
    });
    Ok(json!({
        "mix": training.mix["manifest"],
        "directory": training.mix["directory"],
        "charts": charts(training)?,
        "heldout": heldout,
        "steps": training.metrics.len(),
        "last": training.metrics.last(),
        "checkpoint": training.checkpoint.display().to_string(),
        "seconds": training.seconds,
    }))
}

/// The last words of the demonstration, for people.
pub(super) fn summary(findings: &Findings, page: &Path) -> String {
    let mut text = format!(
        "samples: {}\ngeneration: {} tokens of replies in {:.0} s, {:.0} tokens/s\n",
        crate::command::describe_request(&findings.progress),
        findings.progress["usage"]["completion_tokens"],
        findings.generation_seconds,
        findings.tokens_per_second,
    );
    for part in domains(&findings.samples).iter().chain([&planted(&findings.samples)]) {
        text.push_str(&format!("  {}\n", part["sentence"].as_str().unwrap_or_default()));
    }
    match &findings.training {
        None => text.push_str(NOTHING_TO_MIX),
        Some(training) => {
            let (steps, seconds) = (training.metrics.len(), training.seconds);
            text.push_str(&format!("annealing: {steps} steps in {seconds:.0} s\n"));
            text.push_str(&match &training.heldout {
                None => NOTHING_HELD_OUT.to_owned(),
                Some(heldout) => format!(
                    "loss on held-out samples: {:.4} before, {:.4} after",
                    loss(&heldout.before),
                    loss(&heldout.after)
                ),
            });
        }
    }
    text.push_str(&format!("\ntotal: {:.0} s\n\n", findings.total_seconds));
    if let Some(training) = &findings.training {
        let mix = training.mix["directory"].as_str().unwrap_or_default();
        let checkpoint = training.checkpoint.display();
        text.push_str(&format!("mix         {mix}\ncheckpoint  {checkpoint}\n"));
    }
    text + &format!("report      {}", page.display())
}

/// The last words of the demonstration, for programs.
pub(super) fn result(findings: &Findings, page: &Path) -> Value {
    let training = findings.training.as_ref();
    let heldout = training.and_then(|training| training.heldout.as_ref());
    let planted = planted(&findings.samples);
    json!({
        "funnel": findings.progress["funnel"],
        "usage": findings.progress["usage"],
        "accepted": domains(&findings.samples).iter()
            .map(|domain| (domain["name"].as_str().unwrap_or_default().to_owned(),
                           domain["accepted_count"].clone()))
            .collect::<serde_json::Map<_, _>>(),
        "planted": planted["all"],
        "planted_caught": planted["caught"],
        "tokens_per_second": findings.tokens_per_second,
        "steps": training.map(|training| training.metrics.len()),
        "loss_before": heldout.map(|heldout| loss(&heldout.before)),
        "loss_after": heldout.map(|heldout| loss(&heldout.after)),
        "seconds": findings.total_seconds,
        "mix": training.map(|training| &training.mix["directory"]),
        "checkpoint": training.map(|training| &training.checkpoint),
        "report": page,
    })
}

/// The parts of a funnel with their shares, for the bar. `leaks` of the contaminated items were
/// planted, and are shown as such.
fn bars(funnel: &Value, leaks: &Value) -> Vec<Value> {
    let planned = funnel["planned"].as_f64().unwrap_or_default().max(1.0);
    let leaks = leaks.as_u64().unwrap_or_default();
    let part = |class: &str, name: &str, count: u64| {
        json!({"class": class, "name": name, "count": count,
               "percent": count as f64 / planned * 100.0})
    };
    let count = |value: &Value| value.as_u64().unwrap_or_default();
    let mut parts = vec![part("accepted", "accepted", count(&funnel["accepted"]))];
    for class in ["rejected", "failed"] {
        for (reason, number) in funnel[class].as_object().into_iter().flatten() {
            let planted = if reason == "contaminated" { leaks } else { 0 };
            parts.push(part(class, reason, count(number).saturating_sub(planted)));
        }
    }
    parts.push(part("planted", "planted leaks, caught", leaks));
    parts.push(part("pending", "pending", count(&funnel["pending"])));
    parts.retain(|part| part["count"] != 0);
    parts
}

fn charts(training: &Training) -> Result<Value> {
    let metrics = &training.metrics;
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
    let after = metrics.len() as f64 + 0.9;
    let heldout = training.heldout.iter().flat_map(|heldout| {
        [
            (0.0, loss(&heldout.before), "held out, before".to_owned()),
            (after, loss(&heldout.after), String::new()),
        ]
    });
    Ok(json!({
        "loss": draw("loss (nats per token)", "loss", heldout.collect(), RGBColor(40, 90, 160), false)?,
        "lr": draw("learning rate", "lr", vec![], RGBColor(60, 130, 80), true)?,
        "norm": draw("gradient norm", "grad_norm", vec![], RGBColor(120, 80, 150), false)?,
    }))
}

#[cfg(test)]
mod tests;
