//! A sandbox for programs that nobody has read.
//!
//! Every run is a cell of its own: new user, mount, process, network, inter-process, host name and
//! cgroup namespaces. Its root is an empty tmpfs with `/usr` and the interpreter's own files bound
//! into it, read-only; the only place to write is a scratch of bounded size. There is no `/proc`, no
//! `/sys`, no home, no environment and no network. The program has no capabilities and cannot get
//! any, may make only the system calls of a list, is bound by Landlock rules, and runs under resource
//! limits. When it ends, or a limit is reached, its process namespace is torn down and nothing of it
//! is left.
//!
//! ```text
//! Sandbox::run ── pool.rs ──► slot ── exec ──► warden.rs: namespaces, the root (nest.rs)
//!   │ supervise.rs                               ├─ clone ──► cell.rs: init, scratch, files
//!   │                                            │              └─ fork ──► plan.rs, exec: program
//!   └ drains pipes, watches memory               └─ exec ──► zygote.py: a warm interpreter
//!     and time, kills, collects                                 └─ fork ──► joins the cell, plan: program
//! ```
//!
//! A slot is made once and used again and again; a cell is never used twice. Python programs are
//! forks of an interpreter that has loaded the usual modules, all others are executed.
//!
//! [`Sandbox::new`] really tries the layers ([`Layer`]) and refuses to go on without the essential
//! ones, unless the options name them. Works for root, whose programs become another user, and
//! for ordinary users where unprivileged user namespaces are allowed. Needs Linux 5.14.
//!
//! Deliberately absent: a helper program beside this one. The warden is this program itself, started
//! once more; see `warden.rs` for how it keeps out of `main`.

mod allowlist;
mod cell;
mod cgroup;
mod collect;
mod harness;
mod hunt;
mod landlock;
mod launch;
mod layer;
mod limits;
mod message;
mod nest;
mod plan;
mod pool;
mod probe;
mod program;
mod python;
mod run;
mod seccomp;
mod slot;
mod stage;
mod start;
mod stream;
mod supervise;
mod sys;
#[cfg(test)]
mod tests;
mod warden;
mod watch;
mod wheels;
mod wire;
mod zygote;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use cgroup::Cgroups;
use launch::Identity;
use pool::Pool;
use run::Task;
use slot::Blueprint;

pub use harness::Harness;
pub use layer::{Layer, LayerState};
pub use limits::{Limit, Limits};
pub use program::{Command, Execution, Exit, Program, ProgramFile, Start};
pub use python::{OVERRIDE, Python};
pub(crate) use python::{homes, limit_behind, refusal};

/// How a sandbox is made.
#[derive(Clone, Debug, Default)]
pub struct SandboxOptions {
    /// Essential layers that may be missing. Programs then run with less between them and the
    /// machine.
    pub allow_degraded: BTreeSet<Layer>,
    /// The interpreter; found by [`Python::find`] when absent.
    pub python: Option<PathBuf>,
    /// Programs at once; as many as there are processors when absent. Others wait for their turn.
    pub jobs: Option<NonZeroUsize>,
    /// How many may wait; [`QUEUE`] when absent.
    pub queue: Option<usize>,
    /// A directory of wheels (or of packages unpacked from some) that Python programs may import.
    pub wheels: Option<PathBuf>,
    /// Start an interpreter for each Python program, rather than fork a warm one.
    pub cold: bool,
}

/// How many programs may wait for their turn, when nothing else is said.
pub const QUEUE: usize = 1024;

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
    /// Packages cannot be had.
    #[error("wheels in {0}")]
    Wheels(String),
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
    /// Too many wait for their turn.
    #[error("{0} programs wait for their turn in the sandbox already; try again later")]
    Busy(
        /// How many may wait.
        usize,
    ),
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

/// A place to run programs in. Many threads may run programs in one at once.
#[derive(Debug)]
pub struct Sandbox {
    pool: Pool,
    states: Vec<LayerState>,
}

impl Sandbox {
    /// Finds the interpreter and tries the layers.
    ///
    /// # Errors
    /// [`SandboxError::Python`] without an interpreter; [`SandboxError::Wheels`];
    /// [`SandboxError::Missing`] when an essential layer does not hold and is not in
    /// `allow_degraded`.
    pub fn new(options: SandboxOptions) -> Result<Self, SandboxError> {
        let python = Python::find(options.python.as_deref())?;
        let python = python.with_wheels(options.wheels.as_deref())?;
        let (states, cgroups) = probe::probe(&python)?;
        Self::of(python, states, cgroups, &options)
    }

    /// A sandbox of the layers that hold, where none is missing that may not be.
    fn of(
        python: Python,
        states: Vec<LayerState>,
        cgroups: Option<Cgroups>,
        options: &SandboxOptions,
    ) -> Result<Self, SandboxError> {
        let missing = LayerState::missing(&states, &options.allow_degraded);
        if !missing.is_empty() {
            return Err(SandboxError::Missing(missing));
        }
        let layers: BTreeSet<Layer> = states.iter().filter(|s| s.holds).map(|s| s.layer).collect();
        let jobs = options.jobs.or_else(|| std::thread::available_parallelism().ok());
        let blueprint = Blueprint {
            identity: Identity::here(&layers),
            layers,
            python,
            cgroups,
            warm: !options.cold,
        };
        let jobs = jobs.map_or(1, NonZeroUsize::get);
        let pool = Pool::new(blueprint, jobs, options.queue.unwrap_or(QUEUE));
        Ok(Self { pool, states })
    }

    /// Tries the layers and says which of them hold, without refusing any.
    ///
    /// # Errors
    /// [`SandboxError::Python`] without an interpreter to try them with.
    pub fn diagnose(options: &SandboxOptions) -> Result<(Python, Vec<LayerState>), SandboxError> {
        let python = Python::find(options.python.as_deref())?;
        let (states, _) = probe::probe(&python)?;
        Ok((python, states))
    }

    /// The layers, each with whether it held when this sandbox was made.
    pub fn layers(&self) -> &[LayerState] {
        &self.states
    }

    /// The interpreter.
    pub fn python(&self) -> &Python {
        &self.pool.blueprint().python
    }

    /// Whether Python programs are forks of a warm interpreter. Known once one has run.
    pub fn is_warm(&self) -> bool {
        self.pool.has_warm_slot()
    }

    /// Runs a program to its end or to a limit. Blocks the calling thread, first until it is the
    /// program's turn.
    ///
    /// # Errors
    /// When the program could not be run at all; never because of what it did.
    pub fn run(&self, program: &Program, limits: &Limits) -> Result<Execution, SandboxError> {
        let task = Task { program, limits, link: None, over: None };
        run::run_in(&self.pool.turn()?, task)
    }

    /// Runs two programs that speak with each other: what the first writes to descriptor 5 the
    /// second reads from descriptor 4, and the other way round. When the first has ended, the
    /// second is killed; the end of the second is the end of what the first reads. They are one in
    /// the count of programs at once.
    ///
    /// # Errors
    /// When one of them could not be run at all; never because of what they did.
    pub fn run_pair(
        &self,
        first: (&Program, &Limits),
        second: (&Program, &Limits),
    ) -> Result<(Execution, Execution), SandboxError> {
        run::run_pair(&self.pool.turn()?, first, second)
    }
}
