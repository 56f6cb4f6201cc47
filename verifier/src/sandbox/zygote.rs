//! The warm interpreter: a Python process that has loaded the usual modules and forks itself for
//! each program.
//!
//! It belongs to a warden and lives in its nest. A fork of it joins the namespaces of a cell and takes
//! the same last steps as any other program ([`Plan`]). What happens in it is in
//! `zygote.py`; here is what is said to it, over a line of its own.

use serde::{Deserialize, Serialize};

use super::launch::Rlimit;
use super::message::Wiring;
use super::plan::Plan;
use super::stage::Failure;

/// The name of its file, without the ending.
pub(super) const MODULE: &str = "zygote";
/// Its text.
pub(super) const SOURCE: &str = include_str!("zygote.py");

/// To the zygote, first.
#[derive(Debug, Serialize)]
pub(super) struct Prepare<'a> {
    pub plan: &'a Plan,
    /// The namespaces to join, that of processes apart.
    pub namespaces: u64,
    /// Modules to have ready.
    pub modules: Vec<&'static str>,
}

/// A program for a fork of the zygote. With it come descriptors: of the cell's init, where a failure
/// is told, of the ruleset if there is one, and the program's in the order of [`Wiring`].
#[derive(Debug, Serialize)]
pub(super) struct Job<'a> {
    pub run: What<'a>,
    pub args: &'a [String],
    pub rlimits: Vec<Rlimit>,
    pub ruleset: bool,
    #[serde(flatten)]
    pub wiring: Wiring,
    /// Where the program's files are, and where it starts.
    pub files: &'static str,
    pub scratch: &'static str,
}

/// What a fork runs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What<'a> {
    /// The file of this name, as `__main__`.
    Script(&'a str),
    /// The function `main` of this module.
    Harness(&'a str),
}

/// From the zygote.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    /// It is ready.
    Ready,
    /// A fork runs; this is its number.
    Forked(i32),
    /// No fork could be made.
    Failed(Failure),
    /// The fork has ended.
    Ended {
        /// As `wait` gives it.
        status: i32,
        /// Processor time of it and of its children that it waited for, in microseconds.
        cpu: u64,
    },
}
