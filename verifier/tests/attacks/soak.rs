//! Many jobs in a row, a tenth of them hostile, several at the same time: is every verdict right,
//! and is nothing left behind?

use std::fmt;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use lehr_verifier::code::{Tests, check};
use lehr_verifier::sandbox::{Exit, Program};
use lehr_verifier::{Language, Limits, Sandbox};
use serde_json::json;

use crate::attack::{Attack, usual};
use crate::host::{Counts, Host, below, parents};
use crate::play::{Player, holds, warm_up};

/// Every so many-th job is hostile.
const HOSTILE: usize = 10;
/// The most that a hostile job may take: so many of them have to be played.
const SHORT: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(1000));
/// Resident memory that may grow without a leak, in bytes: the allocator keeps what the largest
/// outputs took on each thread, and does so once.
const SLACK: u64 = 48 << 20;
/// The most findings that are told.
const TOLD: usize = 40;

/// What a soak has shown.
pub(crate) struct Soaked {
    pub(crate) jobs: usize,
    pub(crate) seconds: f64,
    pub(crate) hostile: usize,
    /// Hostile jobs that ended at a limit.
    pub(crate) limited: usize,
    /// Whatever must not be.
    pub(crate) findings: Vec<String>,
    pub(crate) before: Counts,
    pub(crate) after: Counts,
    /// Resident memory of this process and of those below it, before and after.
    pub(crate) memory: [(u64, u64); 2],
}

/// Plays so many jobs on so many threads.
///
/// # Errors
/// When the attacks cannot be read or made into programs.
pub(crate) fn soak(sandbox: &Sandbox, jobs: usize, threads: usize) -> anyhow::Result<Soaked> {
    let mut host = Host::new()?;
    let workshop = tempfile::tempdir()?;
    let attacks: Vec<Attack> = Attack::all()?.into_iter().filter_map(shortened).collect();
    ensure!(!attacks.is_empty(), "there are no attacks");
    let findings = Mutex::new(Vec::new());
    let limited = AtomicUsize::new(0);
    let round = |range: std::ops::Range<usize>| -> anyhow::Result<()> {
        let next = AtomicUsize::new(range.start);
        let player = Player { sandbox, host: &host, workshop: workshop.path().to_owned() };
        let work = || {
            loop {
                let job = next.fetch_add(1, Ordering::Relaxed);
                if job >= range.end {
                    return;
                }
                let found = match job % HOSTILE {
                    0 => hostile(&player, &attacks, job / HOSTILE, &limited),
                    _ => honest(sandbox, job),
                };
                if let (Err(what), Ok(mut all)) = (found, findings.lock()) {
                    all.push(format!("job {job}: {what}"));
                }
            }
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let ends: Vec<bool> = threads.into_iter().map(|t| t.join().is_ok()).collect();
            ensure!(ends.into_iter().all(|end| end), "a thread panicked");
            Ok(())
        })
    };
    // What is kept warm and what is compiled once is there afterwards.
    warm_up(sandbox, &usual())?;
    round(0..jobs.min(HOSTILE * 8))?;
    let (before, memory_before) = (Counts::now(), memory());
    let start = Instant::now();
    round(0..jobs)?;
    let seconds = start.elapsed().as_secs_f64();
    let grown = before.grown();
    let memory = [memory_before, memory()];
    let mut findings = findings.into_inner().ok().context("a thread panicked")?;
    findings.truncate(TOLD);
    findings.extend(grown);
    findings.extend(host.disturbed());
    for (whose, before, after) in [
        ("this process", memory[0].0, memory[1].0),
        ("the processes below", memory[0].1, memory[1].1),
    ] {
        if after > before + SLACK {
            findings.push(format!("the memory of {whose} grew from {before} to {after} bytes"));
        }
    }
    let limited = limited.into_inner();
    let after = Counts::now();
    let hostile = jobs.div_ceil(HOSTILE);
    Ok(Soaked { jobs, seconds, hostile, limited, findings, before, after, memory })
}

impl fmt::Display for Soaked {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        writeln!(
            out,
            "{} jobs in {:.1} s, {:.0} a second; {} of them hostile, {} of those over a limit",
            self.jobs,
            self.seconds,
            self.jobs as f64 / self.seconds,
            self.hostile,
            self.limited
        )?;
        writeln!(out, "{:<36}{:>12}{:>12}", "", "before", "after")?;
        for (name, before) in &self.before.0 {
            let after = self.after.0.get(name).copied().unwrap_or(0);
            writeln!(out, "{name:<36}{before:>12}{after:>12}")?;
        }
        let [before, after] = self.memory;
        for (name, before, after) in [
            ("KiB of memory of this process", before.0, after.0),
            ("KiB of memory of those below", before.1, after.1),
        ] {
            writeln!(out, "{name:<36}{:>12}{:>12}", before >> 10, after >> 10)?;
        }
        writeln!(out, "{} findings", self.findings.len())?;
        self.findings.iter().try_for_each(|finding| writeln!(out, "  {finding}"))
    }
}

/// An attack that ends soon; those that take several runs at the same time are left out.
fn shortened(mut attack: Attack) -> Option<Attack> {
    attack.limits.cpu = attack.limits.cpu.min(SHORT.0);
    attack.limits.wall = attack.limits.wall.min(SHORT.1);
    attack.limits.compile = attack.limits.compile.min(SHORT.1);
    (attack.at_once == 1).then_some(attack)
}

/// Resident memory in bytes, of this process and of all below it; pages that are shared count once.
fn memory() -> (u64, u64) {
    let of = |pid: i32| {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
        let number = line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok());
        number.unwrap_or(0u64) << 10
    };
    let own = std::process::id() as i32;
    (of(own), below(&parents(), own).into_iter().map(of).sum())
}

/// One attack. It must do what its header says, or reach a limit on time first.
fn hostile(
    player: &Player,
    attacks: &[Attack],
    turn: usize,
    limited: &AtomicUsize,
) -> Result<(), String> {
    // A step that has no divisor in common with their number meets all of them.
    let attack = attacks.get(turn * 7919 % attacks.len()).ok_or("there are no attacks")?;
    let facts = match player.once(attack) {
        Ok(Some(facts)) => facts,
        Ok(None) => return Ok(()),
        Err(error) => return Err(format!("{}: {error:#}", attack.name)),
    };
    let said = |fact: &str| facts.get(fact).map_or("", String::as_str);
    let is_over = ["cpu", "wall"].contains(&said("limit")) || said("verdict") == "over_budget";
    limited.fetch_add(usize::from(is_over), Ordering::Relaxed);
    if holds(&attack.expect, &facts) || is_over || said("verdict") == "unsupported" {
        return Ok(());
    }
    Err(format!("{}: {facts:?}", attack.name))
}

/// One job of somebody who means well, right or wrong, with numbers of its own.
fn honest(sandbox: &Sandbox, job: usize) -> Result<(), String> {
    let limits = usual();
    let (right, body, expect) = match job % 7 {
        0 => return prints(sandbox, job, &limits),
        1 | 2 => ("wrong", format!("x * x + {job} + 1"), job + 9),
        3 => ("wrong", format!("str(x * x + {job})"), job + 9),
        4 => ("wrong", format!("[][{job}]"), job + 9),
        _ => ("correct", format!("x * x + {job}"), job + 9),
    };
    let tests = json!({"function": "f", "cases": [{"args": [3], "expect": expect}]});
    let tests = serde_json::from_value(tests).map_err(|e| e.to_string())?;
    let source = format!("def f(x):\n    return {body}\n");
    let verdict = check(sandbox, Language::Python, &source, &Tests::Calls(tests), &limits);
    match verdict.verdict.as_str() == right {
        true => Ok(()),
        false => Err(format!("{right} is {}: {}", verdict.verdict.as_str(), verdict.reason)),
    }
}

fn prints(sandbox: &Sandbox, job: usize, limits: &Limits) -> Result<(), String> {
    let program = Program::of_source(format!("import os\nprint({job}, os.listdir('.'))\n"));
    let run = sandbox.run(&program, limits).map_err(|e| e.to_string())?;
    let right = format!("{job} []\n");
    match run.exit == Exit::Code(0) && run.stdout == right.as_bytes() {
        true => Ok(()),
        false => Err(format!("{run:?}")),
    }
}
