//! Leaves out documents that are much like others of the mix.

use std::collections::HashMap;
use std::path::Path;

use lehr_hygiene::{DedupCriteria, Deduplicator, Duplicate, HygieneError, Sketch};
use lehr_record::{MixDedup, MixRecipe};
use tempfile::TempDir;

use super::build::ASIDE;
use super::wrote;
use crate::MixError;

/// Finds near duplicates among the documents that stay, numbered from 0 in their order.
pub(crate) struct NearDuplicates {
    deduplicator: Deduplicator,
    /// Where the sketches lie, gone with it; what a killed process leaves is swept by its name.
    _directory: TempDir,
    documents: u64,
}

impl NearDuplicates {
    /// For a recipe that wants it; the sketches lie in the directory `into`.
    pub fn wanted(recipe: &MixRecipe, into: &Path) -> Result<Option<Self>, MixError> {
        let MixDedup { near, similarity } = recipe.dedup;
        if !near {
            return Ok(None);
        }
        let directory = tempfile::Builder::new()
            .prefix(&format!("{ASIDE}{}-", recipe.name))
            .tempdir_in(into)
            .map_err(|e| wrote(into, &e))?;
        let criteria = DedupCriteria { threshold: similarity, ..DedupCriteria::default() };
        let deduplicator = Deduplicator::open(directory.path(), criteria)?;
        Ok(Some(Self { deduplicator, _directory: directory, documents: 0 }))
    }

    /// Takes in the next document. Of those that are alike the one of the best quality stays, and of
    /// equals the first.
    pub fn add(&mut self, sketch: &Sketch, quality: f32) -> Result<(), HygieneError> {
        self.deduplicator.add(self.documents, sketch, quality)?;
        self.documents += 1;
        Ok(())
    }

    /// The numbers of the documents to leave out, with what they are like.
    pub fn decide(mut self) -> Result<HashMap<u64, Duplicate>, HygieneError> {
        let duplicates = self.deduplicator.decide()?;
        Ok(duplicates.into_iter().map(|duplicate| (duplicate.id, duplicate)).collect())
    }
}
