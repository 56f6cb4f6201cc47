//! The command line, one command a file.
//!
//! Raw arguments are turned into checked values here and in the commands' `Args`; exit status 0
//! means done, 1 that the work failed, 2 that the arguments or the configuration are at fault.

mod benchmark;
mod corpus;
mod demo;
mod hygiene;
mod mix;
mod model;
mod request;
mod sample;
mod serve;

pub(crate) use request::describe as describe_request;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::client::{Client, Refused};
use crate::config::{SERVER, USUAL_SERVER};
use crate::output::{OutputLost, Style};

/// How long threads may take to end when the work is done.
const END: Duration = Duration::from_secs(2);

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

/// What every command takes. The environment comes after the flags, where the values are used, so
/// that a command can tell what was asked for just now.
#[derive(clap::Args)]
struct Shared {
    /// Print JSON for programs.
    #[arg(long, global = true)]
    json: bool,
    /// Where lehr keeps its state [default: LEHR_DATA_DIR, else the user's data directory].
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The service that client commands speak to [default: LEHR_SERVER, else
    /// http://127.0.0.1:8730].
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
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
    /// Search the samples of a running service.
    #[command(subcommand)]
    Sample(sample::Action),
    /// Register benchmarks that no sample may overlap with.
    #[command(subcommand)]
    Benchmark(benchmark::Action),
    /// Check documents against the registered benchmarks.
    #[command(subcommand)]
    Hygiene(hygiene::Action),
    /// Keep texts of your own, and find those about a topic.
    #[command(subcommand)]
    Corpus(corpus::Action),
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

    /// The service that was named, by the flag or in the environment.
    fn named_server(&self) -> Option<String> {
        let variable = || std::env::var(SERVER).ok().filter(|server| !server.is_empty());
        self.server.clone().or_else(variable)
    }

    fn client(&self) -> Result<Client> {
        Client::new(self.named_server().as_deref().unwrap_or(USUAL_SERVER))
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let Arguments { shared, command } = Arguments::parse();
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,lehr_api=info,lehr_pipeline=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(&shared, command) {
        Err(error) if !OutputLost::was_wanted(&error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(status(&error))
        }
        _ => ExitCode::SUCCESS,
    }
}

/// 2 when what the user gave is at fault, also when only the service could see that; else 1.
fn status(error: &anyhow::Error) -> u8 {
    let refused = error.downcast_ref::<Refused>();
    let given = error.is::<Usage>() || refused.is_some_and(|refused| refused.status == 422);
    if given { 2 } else { 1 }
}

fn run(shared: &Shared, command: Command) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the worker threads")?;
    let result = runtime.block_on(async {
        match command {
            Command::Serve(args) => serve::run(shared, args).await,
            Command::Demo(args) => demo::run(shared, args).await,
            Command::Model(action) => model::run(shared, action).await,
            Command::Request(action) => request::run(shared, action).await,
            Command::Sample(action) => sample::run(shared, action).await,
            Command::Benchmark(action) => benchmark::run(shared, action).await,
            Command::Hygiene(action) => hygiene::run(shared, action),
            Command::Corpus(action) => corpus::run(shared, action),
            Command::Mix(action) => mix::run(shared, action).await,
        }
    });
    // A thread that is still at work has nothing to save: the journal is whole at every moment.
    runtime.shutdown_timeout(END);
    result
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
