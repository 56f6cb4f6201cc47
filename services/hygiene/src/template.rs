//! The wording that texts of a kind share.
//!
//! Made with the same prompt, thousands of texts begin with the same sentences, and so may the items
//! of a benchmark. Such words say nothing about where the rest of a text comes from.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::shingle::{ShingleId, Word, Words};

/// The words of a shingle of a template.
const WIDTH: usize = 4;

/// The share of documents from which a shingle that they have in common is their template's.
const SHARE: f64 = 0.05;

/// The least number of documents that a template is learned from one shingle in.
const DOCUMENTS: u32 = 20;

/// The most shingles that are counted: what learning may use of memory.
const MOST_SHINGLES: usize = 4 << 20;

/// The shingles of a template. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Template {
    shingles: Arc<HashSet<ShingleId>>,
}

impl Template {
    /// The template of a known wording.
    pub fn from_text(text: &str) -> Self {
        let words: Vec<_> = Words::new(text).collect();
        Self { shingles: Arc::new(shingles(&words).collect()) }
    }

    /// Whether it has no words.
    pub fn is_empty(&self) -> bool {
        self.shingles.is_empty()
    }

    /// The wording of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => Self { shingles: Arc::new(&*self.shingles | &*other.shingles) },
        }
    }

    /// Which of the words stand inside the template's wording.
    pub fn covered(&self, words: impl ExactSizeIterator<Item = u64> + Clone) -> Vec<bool> {
        let mut covered = vec![false; words.len()];
        if self.is_empty() {
            return covered;
        }
        let hashes: Vec<u64> = words.collect();
        for (at, window) in hashes.windows(WIDTH).enumerate() {
            if self.shingles.contains(&ShingleId::of_words(window.iter().copied())) {
                covered[at..at + WIDTH].fill(true);
            }
        }
        covered
    }
}

fn shingles(words: &[Word]) -> impl Iterator<Item = ShingleId> {
    words.windows(WIDTH).map(|window| ShingleId::of_words(window.iter().map(|word| word.hash)))
}

/// Learns the template of documents that do not say what theirs is.
#[derive(Debug, Default)]
pub struct TemplateLearner {
    documents: u32,
    counts: HashMap<ShingleId, u32>,
}

impl TemplateLearner {
    /// Takes in a document.
    pub fn add(&mut self, text: &str) {
        self.documents += 1;
        let words: Vec<_> = Words::new(text).collect();
        for id in shingles(&words).collect::<HashSet<_>>() {
            if self.counts.len() < MOST_SHINGLES || self.counts.contains_key(&id) {
                *self.counts.entry(id).or_insert(0) += 1;
            }
        }
    }

    /// What a share of at least 5% of the documents, and no fewer than 20, have in common.
    pub fn finish(self) -> Template {
        let least = DOCUMENTS.max((f64::from(self.documents) * SHARE).ceil() as u32);
        let often = self.counts.into_iter().filter(|(_, count)| *count >= least);
        Template { shingles: Arc::new(often.map(|(id, _)| id).collect()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_many_documents_begin_with_is_learned() {
        let frame = "Solve the following puzzle and show every step";
        let mut learner = TemplateLearner::default();
        for n in 0..100 {
            learner.add(&format!("{frame}: number {n} is about {} things", n * 7));
        }
        let template = learner.finish();
        let words: Vec<_> =
            Words::new("Please solve the following puzzle and show every step: 5 is").collect();
        let covered = template.covered(words.iter().map(|word| word.hash));
        let shown: String = covered.iter().map(|c| if *c { 'x' } else { '.' }).collect();
        assert_eq!(shown, ".xxxxxxxx..");
        let mut learner = TemplateLearner::default();
        (0..19).for_each(|_| learner.add(frame));
        assert!(learner.finish().is_empty());
    }
}
