//! The command line, one command a file.
//!
//! Raw arguments are turned into checked values here and in the commands' `Args`; exit status 0
//! means done, 1 that the work failed, 2 that the arguments or the configuration are at fault.

mod benchmark;
mod demo;
mod hygiene;
mod mix;
mod model;
mod request;
mod serve;

pub(crate) use request::describe as describe_request;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::client::Client;
use crate::output::Style;

/// Makes verified math, code and science reasoning data on your own machine, keeps it clean, and
/// mixes it for annealing.
#[derive(Parser)]
#[command(name = "lehr", version, about)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(clap::Args)]
struct Shared {
    /// Print JSON for programs.
    #[arg(long, global = true)]
    json: bool,
    /// Where lehr keeps its state [default: the user's data directory].
    #[arg(long, global = true, env = "LEHR_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The service that client commands speak to.
    #[arg(
        long,
        global = true,
        env = "LEHR_SERVER",
        value_name = "URL",
        default_value = "http://127.0.0.1:8730"
    )]
    server: String,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service.
    Serve(serve::Args),
    /// Do all of it once: data, mix, annealing, report.
    Demo(demo::Args),
    /// Fetch and list models.
    #[command(subcommand)]
    Model(model::Action),
    /// Ask a running service for data.
    #[command(subcommand)]
    Request(request::Action),
    /// Register benchmarks that no sample may overlap with.
    #[command(subcommand)]
    Benchmark(benchmark::Action),
    /// Check documents against the registered benchmarks.
    #[command(subcommand)]
    Hygiene(hygiene::Action),
    /// Build training mixes.
    #[command(subcommand)]
    Mix(mix::Action),
}

/// Arguments or a configuration at fault: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
struct Usage(anyhow::Error);

impl Shared {
    fn style(&self) -> Style {
        if self.json { Style::Json } else { Style::Plain }
    }

    fn client(&self) -> Result<Client> {
        Client::new(&self.server)
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let Arguments { shared, command } = Arguments::parse();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,lehr_api=info,lehr_pipeline=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(&shared, command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A reader that closed the pipe has what it wanted.
            let closed = |cause: &(dyn std::error::Error + 'static)| {
                cause
                    .downcast_ref::<std::io::Error>()
                    .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            };
            if error.chain().any(closed) {
                return ExitCode::SUCCESS;
            }
            eprintln!("error: {error:#}");
            ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
        }
    }
}

fn run(shared: &Shared, command: Command) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the worker threads")?;
    runtime.block_on(async {
        match command {
            Command::Serve(args) => serve::run(shared, args).await,
            Command::Demo(args) => demo::run(shared, args).await,
            Command::Model(action) => model::run(shared, action).await,
            Command::Request(action) => request::run(shared, action).await,
            Command::Benchmark(action) => benchmark::run(shared, action).await,
            Command::Hygiene(action) => hygiene::run(shared, action),
            Command::Mix(action) => mix::run(shared, action).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
