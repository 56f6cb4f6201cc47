//! Plays every program of `programs/`, each of which says in its first comment what must become of
//! it. After each the host is as it was, nothing of the program is left, and the next job's verdict
//! is right.
//!
//! `LEHR_ATTACKS=limits/ cargo test -p lehr-verifier --test attacks` plays those whose name holds
//! the word.

mod attack;
mod host;
mod play;
mod suite;

use std::time::Instant;

use anyhow::ensure;
use attack::Attack;
use host::{Counts, Host};
use lehr_verifier::{Sandbox, SandboxOptions};
use play::{Player, warm_up};
use suite::{Played, next_job, play};

#[test]
fn every_attack_ends_as_it_must() -> anyhow::Result<()> {
    let sandbox = Sandbox::new(SandboxOptions::default())?;
    let mut host = Host::new()?;
    let workshop = tempfile::tempdir()?;
    let word = std::env::var("LEHR_ATTACKS").unwrap_or_default();
    let attacks: Vec<Attack> =
        Attack::all()?.into_iter().filter(|a| a.name.contains(&word)).collect();
    ensure!(!attacks.is_empty(), "no attack has {word:?} in its name");
    let (mut failures, mut skipped, mut seconds) = (Vec::new(), Vec::new(), Vec::new());
    // What is kept warm is made by the first jobs.
    warm_up(&sandbox, &attack::usual())?;
    let mut counts = Counts::now();
    for attack in &attacks {
        let start = Instant::now();
        let player =
            Player { sandbox: &sandbox, host: &host, workshop: workshop.path().to_owned() };
        let mut found = Vec::new();
        match play(&player, attack) {
            Ok(Played::Held) => {}
            Ok(Played::Skipped(why)) => skipped.push(format!("{}: {why}", attack.name)),
            Ok(Played::Failed(what)) => found.push(what),
            Err(error) => found.push(format!("{error:#}")),
        }
        found.extend(next_job(&sandbox, &attack::usual()).err());
        found.extend(host.disturbed());
        let grown = counts.grown();
        if !grown.is_empty() {
            // What stays is told once.
            counts = Counts::now();
            found.extend(grown);
        }
        let took = start.elapsed().as_secs_f64();
        println!("{took:6.2} s  {:<44} {}", attack.name, found.join("; "));
        seconds.push((took, attack.name.clone()));
        if !found.is_empty() {
            failures.push(format!("{:<44} {}", attack.name, found.join("; ")));
        }
    }
    seconds.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{} attacks, {} failed, {} skipped", attacks.len(), failures.len(), skipped.len());
    println!("skipped:\n{}", skipped.join("\n"));
    println!("failed:\n{}", failures.join("\n"));
    println!("slowest: {:.1?}", seconds.get(..8.min(seconds.len())).unwrap_or_default());
    assert!(failures.is_empty(), "{} attacks do not end as they must", failures.len());
    Ok(())
}

#[test]
fn a_header_that_means_nothing_is_refused() {
    for (header, right) in [
        ("# It.\n# expect: exit=0\n", true),
        ("# It.\n# expect: exit=0 limit=none or verdict=wrong\n# limits: cpu=1 memory=64M\n", true),
        ("# It.\n", false),
        ("# It.\n# expect: exits=0\n", false),
        ("# It.\n# expect: exit\n", false),
        ("# It.\n# expect: exit=0\n# limits: time=1\n", false),
        ("# It.\n# expect: exit=0\n# limits: memory=1\n", false),
        ("# It.\n# expect: exit=0\n# form: calls\n", false),
        ("# It.\n# expect: exit=0\n# tests: {}\n", false),
        ("# It.\n# expect: exit=0\n# runs: 0\n", false),
        ("# It.\n# expect: exit=0\n# wishes: many\n", false),
    ] {
        let read = Attack::read("x.py", header.to_owned());
        assert_eq!(read.is_ok(), right, "{header}: {:?}", read.err());
    }
    assert!(Attack::read("x.cob", "# It.\n# expect: exit=0\n".to_owned()).is_err());
}
