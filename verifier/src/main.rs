//! The `verifier` program: judge answers and programs from the command line.

mod cli;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cli::run(cli::Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("verifier: {error:#}");
            ExitCode::from(error.downcast_ref::<cli::Usage>().map_or(1, |_| 2))
        }
    }
}
