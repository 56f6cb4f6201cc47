//! Builds a mix: accepted samples and the user's own documents, drawn by weight, written with
//! hashes.
//!
//! ```text
//! source ─► gather: kind, length, duplicates, quality, benchmarks ─► spool
//!        ─► held out, plan, draw, order ─► table, card ─► directory
//! ```
//!
//! Every document is checked again on its way in; what is left out is counted by reason, with
//! examples. The order of the datasets in the recipe decides which of two duplicates stays. The same
//! recipe over the same sources, benchmarks and rules gives the same bytes, whatever the number of
//! threads. Documents wait on the disk ([`spool`]); only their places and fingerprints are in memory.

mod build;
mod card;
mod create;
mod document;
mod draw;
mod evidence;
mod files;
mod gather;
mod lineage;
mod near;
mod order;
mod plan;
mod row;
mod source;
mod spool;
mod table;

use std::path::Path;

pub use create::{MadeMix, create_mix};
pub use plan::Gap;

use document::{Body, Document};

use crate::MixError;

/// The mix of the paper's Table 5, as an example of a recipe in TOML.
pub const EXAMPLE_RECIPE: &str = include_str!("../../../prompts/mixes/yulan-table5.toml");

fn wrote(path: &Path, error: &dyn ToString) -> MixError {
    MixError::Write { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
