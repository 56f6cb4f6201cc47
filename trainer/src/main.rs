//! The `trainer` program: `import`, `anneal`, `eval`, `plan`, `export`, `selftest`, `bench`.
//!
//! Exit status 0, 1 if the work failed or was stopped, 2 for bad arguments or configuration.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    cli::run(cli::Arguments::parse())
}
