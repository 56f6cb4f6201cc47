//! Math-Verify on the same pairs, in the same run.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use lehr_record::Outcome;
use serde::Deserialize;

use crate::measure::{measure, quantile};
use crate::pair::Pair;

const SCRIPT: &str = include_str!("with_math_verify.py");

/// One line of the script's output.
#[derive(Deserialize)]
struct Judged {
    id: String,
    same: bool,
    seconds: f64,
}

/// Runs both on about so many of the pairs, and prints what they say and how fast.
pub(crate) fn compare(
    python: &Path,
    pairs: Vec<Pair>,
    sample: usize,
    passes: usize,
) -> anyhow::Result<()> {
    let step = (pairs.len() / sample.max(1)).max(1);
    let pairs: Vec<Pair> = pairs.into_iter().step_by(step).collect();
    let mut file = tempfile::NamedTempFile::new()?;
    for pair in &pairs {
        writeln!(file, "{}", pair.line())?;
    }
    file.flush()?;
    let output = Command::new(python).arg("-c").arg(SCRIPT).arg(file.path()).output();
    let output = output.with_context(|| format!("{} cannot be run", python.display()))?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "Math-Verify failed; is math-verify installed?\n{errors}");
    let theirs: HashMap<String, Judged> = String::from_utf8(output.stdout)?
        .lines()
        .map(|line| serde_json::from_str::<Judged>(line).map(|judged| (judged.id.clone(), judged)))
        .collect::<Result<_, _>>()
        .context("the output of with_math_verify.py")?;
    let ours = measure(&pairs, passes);

    let (mut accepted, mut rejected) = ([0, 0], [0, 0]);
    let mut declined = 0;
    let mut times = Vec::new();
    for (pair, verdict) in pairs.iter().zip(&ours.verdicts) {
        let judged = theirs.get(&pair.id).with_context(|| format!("no line for {}", pair.id))?;
        times.push(judged.seconds * 1e6);
        declined += usize::from(pair.same && !matches!(verdict, Outcome::Correct | Outcome::Wrong));
        for (at, correct) in [*verdict == Outcome::Correct, judged.same].into_iter().enumerate() {
            accepted[at] += usize::from(correct && !pair.same);
            rejected[at] += usize::from(!correct && pair.same);
        }
    }
    let rate = times.len() as f64 * 1e6 / times.iter().sum::<f64>();
    println!(
        "\n{:<14}{:>12}{:>12}{:>12}{:>16}{:>16}",
        "", "checks/s", "p50 µs", "agreement", "false accepts", "false rejects"
    );
    let line = |name, at: usize, rate: f64, half: f64| {
        let right = pairs.len() - accepted[at] - rejected[at];
        let agreement = 100.0 * right as f64 / pairs.len() as f64;
        println!(
            "{name:<14}{rate:>12.0}{half:>12.1}{agreement:>10.1} %{:>16}{:>16}",
            accepted[at], rejected[at]
        );
    };
    line("lehr", 0, ours.rate, ours.median());
    line("Math-Verify", 1, rate, quantile(&mut times, 0.5));
    println!(
        "on {} pairs; of lehr's false rejects {declined} were not called wrong; lehr is {:.0} times \
         as fast",
        pairs.len(),
        ours.rate / rate
    );
    Ok(())
}
