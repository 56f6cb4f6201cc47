//! The page around the charts.

use plotters::style::RGBColor;

use super::chart::{Chart, short};
use super::documents;
use crate::data::PackingReport;
use crate::run::{Plan, StepRecord};

const STYLE: &str = "
body { margin: 0; background: #f6f7f9; color: #23262d; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.05rem; margin: 0 0 .6rem; }
p { margin: 0 0 1.5rem; color: #555b66; }
section { background: #fff; border: 1px solid #e4e7ec; border-radius: 10px;
          padding: 1rem 1.2rem; margin: 0 0 1.2rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid #eef0f3; }
th { color: #555b66; font-weight: 600; } th:first-child, td:first-child { text-align: left; }
svg { width: 100%; height: auto; display: block; }
";

/// The report of a run.
///
/// # Errors
/// What the drawing library reports, in words.
pub(super) fn html(
    plan: &Plan,
    packing: Option<&PackingReport>,
    steps: &[StepRecord],
) -> Result<String, String> {
    let mut body = String::new();
    let done = steps.last().map_or(0, |last| last.step);
    let state = if done == plan.steps { "finished" } else { "not finished" };
    let tokens = steps.last().map_or(0, |last| last.tokens);
    body += &format!(
        "<h1>Annealing run</h1>\n<p>{done} of {} steps, {} tokens, {state}.</p>\n",
        plan.steps,
        short(tokens as f64)
    );
    body += &format!("<section><h2>Phases</h2>\n{}</section>\n", phase_table(plan, steps));
    if let Some(packing) = packing {
        let padded: u64 = steps.iter().map(|step| step.padding).sum();
        body += &documents::section(packing, padded, tokens);
    }
    for Row { title, label, value, color, log, stairs } in CHARTS {
        let points: Vec<_> = steps
            .iter()
            .map(|step| (step.step as f64, value(step)))
            .filter(|(_, value)| value.is_finite() && (!log || *value > 0.0))
            .flat_map(|(step, value)| {
                let ends: &[f64] = if stairs { &[-0.5, 0.5] } else { &[0.0] };
                ends.iter().map(move |end| (step + end, value))
            })
            .collect();
        if points.is_empty() {
            body += &format!("<section><h2>{title}</h2>\nNo steps yet.</section>\n");
            continue;
        }
        let chart = Chart {
            label,
            points,
            // Half a step of room on either side; a phase begins between two steps.
            steps: 0.5..plan.steps as f64 + 0.5,
            phases: plan.phases.iter().map(|p| (p.begin as f64 + 0.5, p.name.clone())).collect(),
            color,
            log,
        };
        body += &format!("<section><h2>{title}</h2>\n{}</section>\n", chart.svg()?);
    }
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Annealing run</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    ))
}

/// One chart of the page.
struct Row {
    title: &'static str,
    /// The vertical axis in words.
    label: &'static str,
    value: fn(&StepRecord) -> f64,
    color: RGBColor,
    log: bool,
    /// Whether the value holds for the whole step and then jumps.
    stairs: bool,
}

const CHARTS: [Row; 5] = [
    Row {
        title: "Loss",
        label: "nats per token",
        value: |s| s.loss,
        color: RGBColor(32, 98, 175),
        log: false,
        stairs: false,
    },
    Row {
        title: "Learning rate",
        label: "before width division",
        value: |s| s.lr,
        color: RGBColor(181, 101, 29),
        log: false,
        stairs: false,
    },
    Row {
        title: "Gradient norm",
        label: "before clipping",
        value: |s| s.grad_norm,
        color: RGBColor(46, 125, 80),
        log: true,
        stairs: false,
    },
    Row {
        title: "Context",
        label: "tokens per row",
        value: |s| s.context as f64,
        color: RGBColor(120, 80, 160),
        log: false,
        stairs: true,
    },
    Row {
        title: "RoPE base",
        label: "rope_theta",
        value: |s| s.rope_theta,
        color: RGBColor(170, 50, 80),
        log: true,
        stairs: true,
    },
];

fn phase_table(plan: &Plan, steps: &[StepRecord]) -> String {
    let mut rows = String::new();
    for phase in &plan.phases {
        let own = || steps.iter().filter(|s| phase.begin < s.step && s.step <= phase.end);
        let loss = |step: Option<&StepRecord>| {
            step.map_or("–".to_owned(), |step| format!("{:.4}", step.loss))
        };
        let rate = {
            let (count, seconds) = own().fold((0u64, 0.0), |(count, seconds), step| {
                (count + 1, seconds + 1.0 / step.tokens_per_s)
            });
            if count > 0 { short(count as f64 / seconds) } else { "–".into() }
        };
        rows += &format!(
            "<tr><td>{}</td><td>{} to {}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>\
             <td>{rate}</td></tr>\n",
            escape(&phase.name),
            phase.begin + 1,
            phase.end,
            phase.context,
            short(phase.rope_theta),
            loss(own().next()),
            loss(own().next_back()),
        );
    }
    format!(
        "<table>\n<tr><th>phase</th><th>steps</th><th>context</th><th>RoPE base</th>\
         <th>first loss</th><th>last loss</th><th>tokens/s</th></tr>\n{rows}</table>\n"
    )
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::run::{AnnealConfig, BatchConfig, PhaseConfig};

    #[test]
    fn shows_phases_and_charts_without_a_network() {
        let phase = |name: &str, context, factor| PhaseConfig {
            name: name.into(),
            tokens: 5 * 1792,
            context,
            rope_theta: None,
            rope_factor: Some(factor),
        };
        let config = AnnealConfig {
            batch: BatchConfig { tokens: 1792 },
            phases: vec![phase("<short>", 256, 1.0), phase("long", 1792, 49.0)],
            ..AnnealConfig::default()
        };
        let plan = Plan::new(&config, 1e5);
        let record = |step: u64| StepRecord {
            step,
            phase: "x".into(),
            context: if step <= 5 { 256 } else { 1792 },
            rope_theta: if step <= 5 { 1e5 } else { 4.9e6 },
            lr: 0.01 / step as f64,
            loss: 3.0 - 0.1 * step as f64,
            z_loss: 0.0,
            grad_norm: 1.0,
            tokens: 1792 * step,
            padding: 0,
            tokens_per_s: 100.0,
            mfu: None,
            hidden_variance: None,
        };
        let steps: Vec<_> = (1..=7).map(record).collect();
        let page = html(&plan, None, &steps).unwrap();
        assert_eq!(page.matches("<svg").count(), 5);
        for part in ["7 of 10 steps", "not finished", "&lt;short&gt;", "4.9M", "2.9000", "2.3000"] {
            assert!(page.contains(part), "{part}");
        }
        let addresses = page.matches("http").count();
        assert_eq!(addresses, page.matches("http://www.w3.org/2000/svg").count());
        assert!(html(&plan, None, &[]).unwrap().contains("No steps yet"));
    }
}
