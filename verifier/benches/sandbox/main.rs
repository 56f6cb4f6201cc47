//! How fast, how right and how clean programs are run.
//!
//! ```sh
//! cargo bench -p lehr-verifier --bench sandbox                                  # trivial jobs
//! cargo bench -p lehr-verifier --bench sandbox -- --humaneval HumanEval.jsonl   # 328 solutions
//! cargo bench -p lehr-verifier --bench sandbox -- --soak                        # 10,000 jobs
//! ```
//!
//! Trivial jobs are a function with one call, judged as any solution is. Beside them, in the same
//! run, plain `python3 -I -c` processes do the same work, without a sandbox and without a judge.
//! Of HumanEval (<https://github.com/openai/human-eval>) every canonical solution is judged, which
//! must be `correct`, and one that was broken on purpose, which must be `wrong`. The soak is many
//! jobs, a tenth of them from the attack suite, with a count of whatever could be left behind.
//!
//! Ends with status 1 when a verdict is wrong or something was left. Run it on a machine with
//! nothing else to do.

#[path = "../../tests/attacks/attack.rs"]
mod attack;
#[path = "../../tests/attacks/host.rs"]
mod host;
mod humaneval;
mod mutant;
mod plain;
#[path = "../../tests/attacks/play.rs"]
mod play;
#[path = "../../tests/attacks/soak.rs"]
mod soak;
mod trivial;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::ensure;
use clap::Parser;
use lehr_verifier::{Sandbox, SandboxOptions};

/// Measures the sandbox.
#[derive(Parser)]
struct Arguments {
    /// Judges the solutions of this file, whole and broken.
    #[arg(long, value_name = "FILE")]
    humaneval: Option<PathBuf>,
    /// Plays so many jobs, a tenth of them hostile.
    #[arg(long, value_name = "JOBS", num_args = 0..=1, default_missing_value = "10000")]
    soak: Option<usize>,
    /// How often each measurement is made; the median counts.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Trivial jobs in a round.
    #[arg(long, default_value_t = 1000)]
    jobs: usize,
    /// Jobs at once; as many as there are processors when absent.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Said by `cargo bench`, and not by `cargo test`, which only tries whether all runs.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::parse();
    if !arguments.bench {
        (arguments.rounds, arguments.jobs) = (1, 20);
    }
    let (rounds, jobs) = (arguments.rounds.max(1), arguments.jobs.max(1));
    let processors = std::thread::available_parallelism()?;
    let threads = arguments.threads.unwrap_or(processors);
    let options = SandboxOptions { jobs: Some(threads), ..SandboxOptions::default() };
    let sandbox = Sandbox::new(options.clone())?;
    let threads = threads.get();
    println!(
        "{processors} processors, {threads} jobs at once, Python {}",
        sandbox.python().version
    );
    for state in sandbox.layers() {
        let word = if state.holds { "holds" } else { "does not hold" };
        println!("  {:<14} {word}", state.layer.as_str());
    }
    match (arguments.humaneval, arguments.soak) {
        (None, None) => {
            let cold = Sandbox::new(SandboxOptions { cold: true, ..options })?;
            trivial::measure(&sandbox, &cold, rounds, jobs, threads)
        }
        (humaneval, soaked) => {
            if let Some(path) = humaneval {
                humaneval::measure(&sandbox, &path, rounds, threads)?;
            }
            if let Some(jobs) = soaked {
                let soaked = soak::soak(&sandbox, jobs, threads)?;
                println!("{soaked}");
                ensure!(soaked.findings.is_empty(), "the soak has findings");
            }
            Ok(())
        }
    }
}
