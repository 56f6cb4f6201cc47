//! The trainer: anneals a checkpoint on a mix of documents.
//!
//! ```text
//! checkpoint ─► model ◄─ engine      the numbers: read, computed, written again
//! data ─► run ─► report              the course: packed rows, phases and steps, what came of it
//!          └─► optim                 how gradients become weights, at which rate
//! files                             under all of it: written whole, and errors with a remedy
//! ```

pub mod checkpoint;
pub mod data;
pub mod engine;
pub mod files;
pub mod model;
pub mod optim;
pub mod report;
pub mod run;
