//! Duplicates: the same text, and nearly the same.
//!
//! ```text
//! text ─► Sketch (fingerprint, set of shingles, numbers, bands) ─► Shelf (on disk) ─► Deduplicator::decide
//! ```
//!
//! Two texts are *exact* duplicates when they differ in form only ([`fingerprint`]). They are *near*
//! duplicates when the Jaccard similarity of their sets of word shingles reaches a threshold. Pairs that
//! may reach it are found by MinHash in bands (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of Massive
//! Datasets", section 3.4) and then **measured**: what is reported and decided on is the true similarity of
//! the sets, never the estimate. Duplicates of duplicates are one cluster; its best member by quality
//! stays, of equals the one with the lowest number. The outcome depends on the documents and their
//! numbers, not on the order in which they come or how many threads made the sketches.
//!
//! Memory: some 80 bytes a document while deciding. Shingles and bands lie on the disk.

mod clusters;
mod exact;
mod shelf;
mod sketch;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use exact::fingerprint;
pub use sketch::Sketch;

use crate::HygieneError;
use shelf::Shelf;

/// When two texts are near duplicates. Unknown keys are refused; every key has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DedupCriteria {
    /// The Jaccard similarity of their sets of shingles from which they are, in [0.5, 1]; at 1 only exact
    /// duplicates and texts of the same shingles are.
    pub threshold: f64,
    /// Whether texts with other numbers are never near duplicates: one exercise with other numbers is
    /// another exercise, however long the wording that they share.
    pub numbers_matter: bool,
}

impl Default for DedupCriteria {
    fn default() -> Self {
        Self { threshold: 0.8, numbers_matter: true }
    }
}

impl DedupCriteria {
    /// Checks the threshold.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn check(&self) -> Result<(), String> {
        if (0.5..=1.0).contains(&self.threshold) {
            return Ok(());
        }
        Err(format!("threshold is {}; it must be from 0.5 to 1", self.threshold))
    }
}

/// Why a document is left out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Duplicate {
    /// The document.
    pub id: u64,
    /// The member of its cluster that stays.
    pub of: u64,
    /// Their true Jaccard similarity, from 0 to 1. Below the threshold when they are linked by others
    /// between them.
    pub jaccard: f64,
    /// Whether they differ in form only.
    pub exact: bool,
}

/// Finds the duplicates among documents that are added one by one, in a directory of its own.
///
/// What was added before the last [`Self::commit`] is there when the directory is opened again, also after
/// a crash, so documents may come in many sittings.
#[derive(Debug)]
pub struct Deduplicator {
    criteria: DedupCriteria,
    shelf: Shelf,
}

impl Deduplicator {
    /// Opens the sketches in `dir`; makes the directory when there is none.
    ///
    /// # Errors
    /// When the directory cannot be used or holds something else.
    pub fn open(dir: &Path, criteria: DedupCriteria) -> Result<Self, HygieneError> {
        Ok(Self { criteria, shelf: Shelf::open(dir)? })
    }

    /// The number of documents.
    pub fn len(&self) -> usize {
        self.shelf.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a document in. `id` is its number, which no other has; `quality` decides who stays, more is
    /// better.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn add(&mut self, id: u64, sketch: &Sketch, quality: f32) -> Result<(), HygieneError> {
        self.shelf.add(id, sketch, quality)
    }

    /// Makes what was added durable.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn commit(&mut self) -> Result<(), HygieneError> {
        self.shelf.commit()
    }

    /// All duplicates to leave out, by their numbers.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn decide(&mut self) -> Result<Vec<Duplicate>, HygieneError> {
        self.shelf.flush()?;
        clusters::decide(&self.shelf, &self.criteria)
    }
}

/// The Jaccard similarity of two sets, each sorted and without repetitions; 1 for two empty ones.
pub(crate) fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (mut at, mut other, mut both) = (0, 0, 0usize);
    while let (Some(x), Some(y)) = (a.get(at), b.get(other)) {
        both += usize::from(x == y);
        at += usize::from(x <= y);
        other += usize::from(y <= x);
    }
    let either = a.len() + b.len() - both;
    if either == 0 { 1.0 } else { both as f64 / either as f64 }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
