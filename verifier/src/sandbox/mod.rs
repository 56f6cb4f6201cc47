//! A sandbox for programs that nobody has read.
//!
//! Every run is a fresh child in its own user, mount, process, network, inter-process, host name
//! and cgroup namespaces. Its root is an empty tmpfs with `/usr` and the interpreter's own files
//! bound into it, read-only; the only place to write is a scratch of bounded size. There is no
//! `/proc`, no `/sys`, no home, no environment and no network. The program has no capabilities and
//! cannot get any, may make only the system calls of a list, and runs under resource limits. When
//! it ends, or a limit is reached, its process namespace is torn down and nothing of it is left.
//!
//! ```text
//! Sandbox::run ── clone3 ──► init (child.rs): builds the root, forks, reaps, reports the end
//!   │ spawn.rs, run.rs         └─ fork ──► drops rights, takes limits, exec: the program
//!   └ drains pipes, watches memory and time, kills
//! ```
//!
//! [`Sandbox::new`] really tries the layers ([`Layer`]) and refuses to go on without the essential
//! ones, unless the options name them. Works for root, whose programs become another user, and
//! for ordinary users where unprivileged user namespaces are allowed. Needs Linux 5.14.
//!
//! Deliberately absent: a helper program and re-execution of this one (a library must not own
//! `main`), and cgroups (few users may write to them; the watch bounds all processes together).

mod child;
mod layer;
mod limits;
mod probe;
mod python;
mod root;
mod run;
mod seccomp;
mod setup;
mod spawn;
mod stage;
mod sys;
#[cfg(test)]
mod tests;
mod watch;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

pub use layer::{Layer, LayerState};
pub use limits::{Limit, Limits};
pub(crate) use python::limit_behind;
pub use python::{OVERRIDE, Python};

/// How a sandbox is made.
#[derive(Clone, Debug, Default)]
pub struct SandboxOptions {
    /// Essential layers that may be missing. Programs then run with less between them and the
    /// machine.
    pub allow_degraded: BTreeSet<Layer>,
    /// The interpreter; found by [`Python::find`] when absent.
    pub python: Option<PathBuf>,
}

/// Why a program could not be run. Says nothing about the program.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// No usable interpreter.
    #[error(
        "the Python interpreter {command} {problem}; install Python 3.8 or later, or name one by {OVERRIDE}"
    )]
    Python {
        /// What was started.
        command: String,
        /// What went wrong.
        problem: String,
    },
    /// A limit that cannot be kept.
    #[error("the limit on {0}")]
    Limits(String),
    /// Essential layers do not hold here.
    #[error(
        "the sandbox lacks essential layers: {}; `verifier doctor` tells the remedy of each, and \
         the option allow_degraded runs programs without those that it names",
        list(.0)
    )]
    Missing(
        /// The layers, with what went wrong and what to do.
        Vec<LayerState>,
    ),
    /// The program cannot be laid out.
    #[error("the program cannot be run: {0}")]
    Program(String),
    /// The system call filter cannot be made.
    #[error("the system call filter cannot be made: {0}")]
    Filter(String),
    /// A step before the program's start failed.
    #[error("the sandbox failed at {step}: {error}")]
    Setup {
        /// The step.
        step: String,
        /// The layer that the step belongs to, when it is one.
        layer: Option<Layer>,
        /// What the system said.
        error: std::io::Error,
    },
    /// The child ended without a word: the machine killed it.
    #[error("the sandbox was killed from outside; is the machine out of memory?")]
    Lost,
}

fn list(states: &[LayerState]) -> String {
    let one = |s: &LayerState| {
        format!("{} ({})", s.layer.as_str(), s.problem.as_deref().unwrap_or("does not hold"))
    };
    states.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A file that a program finds in its read-only directory.
#[derive(Clone, Debug)]
pub struct ProgramFile {
    /// Its name, without directories.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A Python program with what it is given. Its standard input is empty.
#[derive(Clone, Debug)]
pub struct Program {
    /// The files, side by side in one directory.
    pub files: Vec<ProgramFile>,
    /// The name of the file to run.
    pub entry: String,
    /// Arguments.
    pub args: Vec<String>,
    /// Whether descriptor 3 is a channel for results, apart from the output.
    pub channel: bool,
}

impl Program {
    /// A program in one file.
    pub fn of_source(source: impl Into<Vec<u8>>) -> Self {
        let file = ProgramFile { name: "main.py".into(), bytes: source.into() };
        Self { files: vec![file], entry: "main.py".into(), args: Vec::new(), channel: false }
    }

    fn check(&self) -> Result<(), SandboxError> {
        for file in &self.files {
            let name = &file.name;
            if name.is_empty() || name.contains(['/', '\0']) || name.starts_with('.') {
                return Err(SandboxError::Program(format!("{name:?} is not a file name")));
            }
        }
        if !self.files.iter().any(|f| f.name == self.entry) {
            return Err(SandboxError::Program(format!("it has no file {:?}", self.entry)));
        }
        Ok(())
    }
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// By itself, with this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
    /// It was killed at a limit.
    Killed,
}

/// What a run of a program was.
#[derive(Clone, Debug)]
pub struct Execution {
    /// How it ended.
    pub exit: Exit,
    /// The limit that was reached, when one was.
    pub limit: Option<Limit>,
    /// Standard output, up to the limit on output.
    pub stdout: Vec<u8>,
    /// Standard error, likewise.
    pub stderr: Vec<u8>,
    /// What came over the channel, up to the limit on results.
    pub results: Vec<u8>,
    /// Processor time of all its processes.
    pub cpu: Duration,
    /// Time from start to end.
    pub wall: Duration,
    /// The most memory that was seen in use, in bytes; `None` when it ended before a look.
    pub peak_memory: Option<u64>,
}

impl Execution {
    /// Whether it ended by itself with status 0 and within its limits.
    pub fn succeeded(&self) -> bool {
        self.exit == Exit::Code(0) && self.limit.is_none()
    }
}

/// A place to run programs in. Many threads may run programs in one at once.
#[derive(Debug)]
pub struct Sandbox {
    python: Python,
    states: Vec<LayerState>,
    layers: BTreeSet<Layer>,
}

impl Sandbox {
    /// Finds the interpreter and tries the layers.
    ///
    /// # Errors
    /// [`SandboxError::Python`] without an interpreter; [`SandboxError::Missing`] when an essential
    /// layer does not hold and is not in `allow_degraded`.
    pub fn new(options: SandboxOptions) -> Result<Self, SandboxError> {
        let (python, states) = Self::diagnose(&options)?;
        Self::of(python, states, &options.allow_degraded)
    }

    /// A sandbox of the layers that hold, where none is missing that may not be.
    fn of(
        python: Python,
        states: Vec<LayerState>,
        allowed: &BTreeSet<Layer>,
    ) -> Result<Self, SandboxError> {
        let missing = LayerState::missing(&states, allowed);
        if !missing.is_empty() {
            return Err(SandboxError::Missing(missing));
        }
        let layers = states.iter().filter(|s| s.holds).map(|s| s.layer).collect();
        Ok(Self { python, states, layers })
    }

    /// Tries the layers and says which of them hold, without refusing any.
    ///
    /// # Errors
    /// [`SandboxError::Python`] without an interpreter to try them with.
    pub fn diagnose(options: &SandboxOptions) -> Result<(Python, Vec<LayerState>), SandboxError> {
        let python = Python::find(options.python.as_deref())?;
        let states = probe::probe(&python)?;
        Ok((python, states))
    }

    /// The layers, each with whether it held when this sandbox was made.
    pub fn layers(&self) -> &[LayerState] {
        &self.states
    }

    /// The interpreter.
    pub fn python(&self) -> &Python {
        &self.python
    }

    /// Runs a program to its end or to a limit. Blocks the calling thread.
    ///
    /// # Errors
    /// When the program could not be run at all; never because of what it did.
    pub fn run(&self, program: &Program, limits: &Limits) -> Result<Execution, SandboxError> {
        run::run(&self.layers, &self.python, program, limits)
    }
}
