//! Trivial jobs: what a verdict costs beside the work itself.

use std::time::Duration;

use anyhow::ensure;
use lehr_verifier::code::{Tests, check};
use lehr_verifier::{Language, Limits, Sandbox};
use serde_json::json;

use crate::plain::{median, python, quantile, spread};

/// Judges one trivial solution, right or wrong by its number.
fn judge(sandbox: &Sandbox, number: usize) -> anyhow::Result<()> {
    let is_right = !number.is_multiple_of(4);
    let body = if is_right { "x * x" } else { "x + x" };
    let tests = json!({
        "function": "f",
        "cases": [{"args": [number + 3], "expect": (number + 3) * (number + 3)}],
    });
    let tests = Tests::Calls(serde_json::from_value(tests)?);
    let source = format!("def f(x):\n    return {body}\n");
    let verdict = check(sandbox, Language::Python, &source, &tests, &Limits::default());
    let right = if is_right { "correct" } else { "wrong" };
    ensure!(
        verdict.verdict.as_str() == right,
        "job {number} is {}, not {right}: {}",
        verdict.verdict.as_str(),
        verdict.reason
    );
    Ok(())
}

/// The same work in a process of its own.
fn plainly(sandbox: &Sandbox, number: usize) -> anyhow::Result<()> {
    let is_right = !number.is_multiple_of(4);
    let body = if is_right { "x * x" } else { "x + x" };
    let (arg, expect) = (number + 3, (number + 3) * (number + 3));
    let source = format!("def f(x):\n    return {body}\nassert f({arg}) == {expect}\n");
    ensure!(python(sandbox, &source, Duration::MAX)? == is_right, "plain job {number}");
    Ok(())
}

/// Prints the time of jobs one at a time, and how many there are a second at full parallelism.
pub(crate) fn measure(
    warm: &Sandbox,
    cold: &Sandbox,
    rounds: usize,
    jobs: usize,
    threads: usize,
) -> anyhow::Result<()> {
    type Work<'a> = &'a (dyn Fn(usize) -> anyhow::Result<()> + Sync);
    let from_warm = |number| judge(warm, number);
    let from_cold = |number| judge(cold, number);
    let plain = |number| plainly(warm, number);
    // The slow ones get fewer jobs.
    let few = jobs.div_ceil(5);
    let kinds: [(&str, Work, usize); 3] = [
        ("warm pool", &from_warm, jobs),
        ("cold interpreter", &from_cold, few),
        ("plain python3 -I -c", &plain, few),
    ];
    for (_, work, _) in kinds {
        spread(threads * 8, threads, work)?;
    }
    let mut rates = vec![Vec::new(); kinds.len()];
    let mut times = vec![Vec::new(); kinds.len()];
    // In turns, so that what else the machine does falls on all alike.
    for _ in 0..rounds {
        for (place, (_, work, jobs)) in kinds.iter().enumerate() {
            times[place].push(spread(*jobs, 1, work)?.0);
            rates[place].push(*jobs as f64 / spread(*jobs, threads, work)?.1);
        }
    }
    println!("\nthe medians of {rounds} rounds; milliseconds of one job at a time:");
    println!(
        "{:<22}{:>9}{:>9}{:>9}{:>9}{:>24}",
        "", "jobs", "median", "p95", "p99", "verdicts a second"
    );
    for (place, (name, _, jobs)) in kinds.iter().enumerate() {
        print!("{name:<22}{jobs:>9}");
        for part in [0.5, 0.95, 0.99] {
            print!("{:>9.2}", median(times[place].iter().map(|t| quantile(t, part)).collect()));
        }
        let (least, most) = rates[place]
            .iter()
            .fold((f64::MAX, 0f64), |(least, most), &rate| (least.min(rate), most.max(rate)));
        println!("{:>10.0} ({least:.0} to {most:.0})", median(rates[place].clone()));
    }
    Ok(())
}
