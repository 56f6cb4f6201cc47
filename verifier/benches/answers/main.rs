//! How fast and how right answers are checked.
//!
//! ```sh
//! cargo bench -p lehr-verifier                                    # pairs, then hostile inputs
//! cargo bench -p lehr-verifier -- --write pairs.jsonl             # also writes the pairs
//! python3 -m venv mv && mv/bin/pip install math-verify
//! cargo bench -p lehr-verifier -- --compare "$PWD/mv/bin/python"  # also runs Math-Verify
//! ```
//!
//! 10,000 pairs of a known answer and a reply are made, always the same ones, in the classes and
//! dresses that word problems and contest problems have; of each it is known by construction
//! whether they are the same, and in a third they are not. They are checked one after the other on
//! one thread. A written line has the class and the truth in its id: `radical-00012-different`.
//!
//! With `--compare`, Math-Verify (<https://pypi.org/project/math-verify/>) gets every so many-th of
//! the pairs in one process of its own; its time is that of reading and comparing, without that of
//! starting Python. Run it on a machine with nothing else to do.

mod algebra;
mod compare;
mod hostile;
mod measure;
mod number;
mod pair;
mod random;
mod reply;
mod structure;
mod words;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;

/// Measures the answer checker.
#[derive(Parser)]
struct Arguments {
    /// Writes the pairs to this file, for `verifier check` and others.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Runs Math-Verify with this Python on some of the pairs.
    #[arg(long, value_name = "PYTHON")]
    compare: Option<PathBuf>,
    /// How many pairs Math-Verify gets.
    #[arg(long, default_value_t = 500)]
    sample: usize,
    /// How many pairs there are.
    #[arg(long, default_value_t = 10_000)]
    pairs: usize,
    /// How often all pairs are checked.
    #[arg(long, default_value_t = 7)]
    passes: usize,
    /// How many mistakes are printed.
    #[arg(long, default_value_t = 10)]
    mistakes: usize,
    /// Leaves the hostile inputs out.
    #[arg(long)]
    no_hostile: bool,
    /// Said by `cargo bench`, and not by `cargo test`, which only tries whether all runs.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> anyhow::Result<()> {
    let mut arguments = Arguments::parse();
    if !arguments.bench {
        (arguments.pairs, arguments.passes, arguments.no_hostile) = (200, 1, true);
    }
    let pairs = pair::pairs(arguments.pairs);
    if let Some(path) = &arguments.write {
        let file = File::create(path).with_context(|| path.display().to_string())?;
        let mut file = BufWriter::new(file);
        for pair in &pairs {
            writeln!(file, "{}", pair.line())?;
        }
        file.flush()?;
    }
    let measured = measure::measure(&pairs, arguments.passes.max(1));
    measured.print(&pairs);
    measured.print_mistakes(&pairs, arguments.mistakes);
    if let Some(python) = &arguments.compare {
        compare::compare(python, pairs, arguments.sample, arguments.passes.max(1))?;
    }
    if !arguments.no_hostile {
        println!("\nhostile inputs:");
        hostile::measure();
    }
    Ok(())
}
