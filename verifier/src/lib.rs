//! Verdicts on answers and on code run in a sandbox.
//!
//! Two ways to judge a reply, both total and deterministic, both ending in a
//! [`Verdict`](lehr_record::Verdict) with its evidence:
//!
//! - [`answer`] reads the final answer of a reply and compares it with the known one in exact
//!   arithmetic, never in floating point;
//! - [`code`] takes the program out of a reply, runs it in a [`sandbox`] and compares what its
//!   function returns with the expected values, which stay in this process.
//!
//! What cannot be judged is said to be so (`unparseable`, `unsupported`, `ambiguous`,
//! `over_budget`, `error`); nothing that fails is ever taken for correct.

pub mod answer;
pub mod code;
pub mod sandbox;

mod language;

pub use answer::{check_choice, check_math, extract_choice, extract_final};
pub use code::{check_program, extract_program};
pub use language::Language;
pub use sandbox::{Limits, Sandbox, SandboxOptions};
