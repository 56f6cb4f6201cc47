//! Builds a mix: accepted samples and the user's own documents, drawn by weight, written with
//! hashes.
//!
//! ```text
//! source ─► duplicates, benchmarks ─► spool ─► held out, drawn, shuffled ─► table ─► directory
//! ```
//!
//! Every document is checked again on its way in: exact duplicates of earlier documents in the mix
//! and documents that overlap with a registered benchmark are left out and counted. The order of
//! the datasets in the recipe decides which of two duplicates stays. The same recipe over the same
//! sources gives the same bytes. Documents wait on the disk ([`spool`]); only their places and
//! fingerprints are in memory.

mod build;
mod create;
mod document;
mod draw;
mod files;
mod source;
mod spool;
mod table;

pub use create::{MadeMix, create_mix};

use document::{Body, Document};

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
