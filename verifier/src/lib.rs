//! Verdicts on answers and on code run in a sandbox.
//!
//! Two ways to judge a reply, both total and deterministic, both ending in a
//! [`Verdict`](lehr_record::Verdict) with its evidence:
//!
//! - [`answer`] reads the final answer of a reply and compares it with the known one in exact
//!   arithmetic, never in floating point;
//! - [`code`] takes the program out of a reply, runs it in a [`sandbox`] and judges it by calls of a
//!   function, by what it prints, or by a file of tests, outside its process where that can be.
//!
//! Programs of all languages are compiled and run by a [`toolchain`], in the same sandbox.
//!
//! [`task`] is what the command line and the REST service can ask of both; [`sympy`] a second opinion
//! on answers that cannot be judged.
//!
//! What cannot be judged is said to be so (`unparseable`, `unsupported`, `ambiguous`,
//! `over_budget`, `error`); nothing that fails is ever taken for correct.

pub(crate) mod algebra;
pub mod answer;
pub mod budget;
mod cache;
pub mod code;
pub mod compare;
pub mod interval;
pub mod notation;
pub mod policy;
pub mod sandbox;
pub mod sympy;
pub mod task;
pub mod toolchain;
pub mod unit;
pub mod value;

mod language;

pub use answer::{check_choice, check_math, check_science, extract_choice, extract_final};
pub use code::{check_program, extract_program};
pub use language::Language;
pub use sandbox::{Limits, Sandbox, SandboxOptions};
