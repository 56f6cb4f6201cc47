//! Arguments, and the command that each of them names.

mod check;
mod doctor;
mod execute;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use lehr_verifier::sandbox::Layer;
use lehr_verifier::{Language, Limits, SandboxOptions};

/// Judges answers, and programs in a sandbox.
#[derive(Debug, Parser)]
#[command(name = "verifier", version, about)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge one JSON object a line; write one verdict a line, in the same order.
    ///
    /// Answers: {"id", "kind": "math" | "science", "gold", "pred", "policy"?}, where the policy may
    /// say {"tolerance": "exact" | "significant_figures" | {"relative": "0.01"} | {"absolute":
    /// "0.5"}, "missing_unit": "tolerated" | "required", "percent": "lenient" | "exact"}.
    /// Choices: {"id", "kind": "choice", "gold", "pred", "options"?}.
    /// Programs: {"id", "kind": "code", "language", "solution", "tests", "limits"?, "policy"?,
    /// "audit"?}, where the tests are {"function", "cases": [{"args", "expect"}]}, {"cases":
    /// [{"stdin", "stdout"}]} or the text of a file of tests. Exit status 1 when a line could not be
    /// judged.
    Check {
        /// The file to read; standard input when absent.
        file: Option<PathBuf>,
        /// Ask for a second opinion on answers that come out unsupported; SymPy runs in the sandbox
        /// and can only make them correct.
        #[arg(long, value_name = "WHO")]
        with: Option<SecondOpinion>,
        /// Lines to work on at once; as many as there are processors when absent.
        #[arg(long, value_name = "N")]
        jobs: Option<NonZeroUsize>,
        #[command(flatten)]
        sandbox: SandboxArguments,
    },
    /// Run a program in the sandbox; show its output and what it used. It is compiled first where its
    /// language is.
    ///
    /// The verdict is "ok", "failed", "over_budget", "compile_error" or "unsupported". Exit status 0 when the program ended well and within its limits, else 1.
    Run {
        /// The language of the program.
        #[arg(long, value_parser = parse_language)]
        language: Language,
        /// The file of the program.
        file: PathBuf,
        /// Arguments of the program.
        args: Vec<String>,
        /// The file that is its standard input; empty when absent.
        #[arg(long, value_name = "FILE")]
        stdin: Option<PathBuf>,
        /// Write one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        limits: LimitArguments,
        #[command(flatten)]
        sandbox: SandboxArguments,
    },
    /// Say which layers of the sandbox hold here, and what to do about the others.
    ///
    /// Exit status 1 when an essential one is missing.
    Doctor {
        /// Write one JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        sandbox: SandboxArguments,
    },
}

/// Who is asked where this verifier has no verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SecondOpinion {
    /// SymPy, of the interpreter of the sandbox.
    Sympy,
}

/// What a program may use.
#[derive(Clone, Debug, Args)]
struct LimitArguments {
    /// Processor time of all its processes, in seconds.
    #[arg(long, default_value_t = 5.0)]
    cpu: f64,
    /// Time from start to end, in seconds.
    #[arg(long, default_value_t = 10.0)]
    wall: f64,
    /// Memory of all its processes, in MiB.
    #[arg(long, default_value_t = 512)]
    memory: u64,
    /// Processes and threads at once.
    #[arg(long, default_value_t = 32)]
    processes: u32,
    /// One written file, in KiB.
    #[arg(long, default_value_t = 16 << 10)]
    file_size: u64,
    /// All written files together, in KiB.
    #[arg(long, default_value_t = 64 << 10)]
    scratch: u64,
    /// Files and directories.
    #[arg(long, default_value_t = 4096)]
    inodes: u32,
    /// Open files of one process.
    #[arg(long, default_value_t = 64)]
    open_files: u32,
    /// Output, in KiB.
    #[arg(long, default_value_t = 256)]
    output: usize,
    /// Time of the compiler, in seconds.
    #[arg(long, default_value_t = 30.0)]
    compile: f64,
}

impl LimitArguments {
    /// The limits, where the kernel can keep them.
    fn limits(&self) -> Result<Limits, Usage> {
        let seconds = |name: &str, value: f64| {
            Duration::try_from_secs_f64(value)
                .map_err(|error| Usage(format!("the limit on {name} is {value}: {error}")))
        };
        let limits = Limits {
            cpu: seconds("cpu", self.cpu)?,
            wall: seconds("wall", self.wall)?,
            memory: self.memory.saturating_mul(1 << 20),
            processes: self.processes,
            file_size: self.file_size.saturating_mul(1 << 10),
            scratch: self.scratch.saturating_mul(1 << 10),
            inodes: self.inodes,
            open_files: self.open_files,
            output: self.output.saturating_mul(1 << 10),
            compile: seconds("compile", self.compile)?,
            ..Limits::default()
        };
        limits.check().map_err(|error| Usage(error.to_string()))?;
        Ok(limits)
    }
}

#[derive(Debug, Args)]
struct SandboxArguments {
    /// Run even without this essential layer; may be given several times.
    #[arg(long, value_name = "LAYER", value_parser = parse_layer)]
    allow_degraded: Vec<Layer>,
    /// The Python interpreter; `LEHR_PYTHON` or the path's `python3` when absent.
    #[arg(long, value_name = "FILE")]
    python: Option<PathBuf>,
    /// A directory of wheels whose packages Python programs may import.
    #[arg(long, value_name = "DIR")]
    wheels: Option<PathBuf>,
}

impl SandboxArguments {
    fn options(&self) -> SandboxOptions {
        SandboxOptions {
            allow_degraded: self.allow_degraded.iter().copied().collect::<BTreeSet<_>>(),
            python: self.python.clone(),
            wheels: self.wheels.clone(),
            ..SandboxOptions::default()
        }
    }
}

fn parse_layer(name: &str) -> Result<Layer, String> {
    Layer::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Layer::ALL.iter().map(|l| l.as_str()).collect();
        format!("no such layer; the layers are {}", names.join(", "))
    })
}

fn parse_language(name: &str) -> Result<Language, String> {
    Language::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Language::ALL.iter().map(|l| l.as_str()).collect();
        format!("no such language; the languages are {}", names.join(", "))
    })
}

/// Bad arguments: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(String);

/// Does what the arguments ask for.
///
/// # Errors
/// When it could not be done; [`Usage`] when the arguments are the reason.
pub fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Check { file, with, jobs, sandbox } => {
            let jobs = jobs.or_else(|| std::thread::available_parallelism().ok());
            let jobs = jobs.map_or(1, NonZeroUsize::get);
            let with_sympy = with == Some(SecondOpinion::Sympy);
            check::check(file.as_deref(), sandbox.options(), with_sympy, jobs)
        }
        Command::Run { language, file, args, stdin, json, limits, sandbox } => {
            let asked = execute::Asked { language, file, args, stdin, json, limits };
            execute::execute(asked, sandbox.options())
        }
        Command::Doctor { json, sandbox } => doctor::doctor(&sandbox.options(), json),
    }
}

/// Opens a file named in the arguments.
fn open(path: &std::path::Path) -> anyhow::Result<std::fs::File> {
    let file = std::fs::File::open(path)
        .map_err(|error| Usage(format!("{} cannot be read: {error}", path.display())))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(Usage(format!("{} is a directory; name a file", path.display())).into());
    }
    Ok(file)
}
