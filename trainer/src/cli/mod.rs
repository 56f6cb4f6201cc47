//! Arguments in, exit status out; one file a command.

mod anneal;
mod bench;
mod eval;
mod export;
mod import;
mod output;
mod pack;
mod plan;
mod selftest;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lehr_trainer::checkpoint::CheckpointError;
use lehr_trainer::run::{Device, RunError};

use output::Output;

/// Anneals a language model on a mix of documents.
#[derive(Debug, Parser)]
#[command(name = "trainer", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// Print one JSON object a line instead of text.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Anneal a checkpoint on a mix; the result is OUT/checkpoints/final.
    Anneal(anneal::Anneal),
    /// Turn a GGUF file into a Hugging Face checkpoint directory.
    Import(import::Import),
    /// Write a checkpoint of a run as a plain model.
    Export(export::Export),
    /// Measure the loss of a checkpoint on documents.
    Eval(eval::Eval),
    /// Say what a run will take: steps, memory, operations.
    Plan(plan::Plan),
    /// Tokenise and pack a mix, and say what comes of it: tokens a dataset, padding, splits.
    Pack(pack::Pack),
    /// Hold the device's computations against exact ones.
    Selftest(selftest::Selftest),
    /// Measure how fast the device trains.
    Bench(bench::Bench),
}

/// Where to compute.
#[derive(Debug, clap::Args)]
struct DeviceArgument {
    /// auto, cpu or cuda:N.
    #[arg(long, default_value = "auto", value_name = "DEVICE")]
    device: Device,
}

/// How a command ended that did not fail.
enum Ending {
    /// All done.
    Done,
    /// Stopped by a signal; the rest can be done later.
    Stopped,
}

/// Runs a command and reports its errors.
pub fn run(arguments: Arguments) -> ExitCode {
    let output = Output::new(arguments.json);
    let result = match &arguments.command {
        Command::Anneal(command) => command.run(&output),
        Command::Import(command) => command.run(&output),
        Command::Export(command) => command.run(&output),
        Command::Eval(command) => command.run(&output),
        Command::Plan(command) => command.run(&output),
        Command::Pack(command) => command.run(&output),
        Command::Selftest(command) => command.run(&output),
        Command::Bench(command) => command.run(&output),
    };
    match result {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Stopped) => ExitCode::FAILURE,
        Err(error) => {
            output.error(&error);
            let usage = error.downcast_ref::<RunError>().is_some_and(RunError::is_usage)
                || error.downcast_ref::<CheckpointError>().is_some_and(CheckpointError::is_usage);
            ExitCode::from(if usage { 2 } else { 1 })
        }
    }
}
