//! Items of one kind: written from one template, they share most of their words.

use std::collections::HashMap;

use tantivy::DocAddress;

use super::item::{ItemWord, item_words};
use super::pairing::pair;
use crate::HygieneError;
use crate::known::Known;
use crate::shingle::{Word, item_shingles};
use crate::snapshot::{Snapshot, StoredText};

/// The most others of its kind that an item is held against.
const MOST: usize = 3;

/// The share of an item's weight that another of its kind has at least.
const KIN: f64 = 0.35;

/// The share of an item's weight from which another is the same item once more.
const SAME: f64 = 0.97;

/// Which words of an item others of its kind have too; `None` when no other is of its kind.
pub fn shared_with_kin(
    snapshot: &Snapshot,
    known: &Known,
    stored: &StoredText,
    words: &[ItemWord],
) -> Result<Option<Vec<bool>>, HygieneError> {
    let plain: Vec<Word> =
        words.iter().map(|w| Word { hash: w.hash, start: w.start, end: w.end }).collect();
    let mut counts: HashMap<DocAddress, u32> = HashMap::new();
    for id in item_shingles(&plain) {
        snapshot.documents_with(id, |document| *counts.entry(document).or_insert(0) += 1)?;
    }
    let mut nearest: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
    nearest.sort_unstable_by_key(|&(document, count)| (std::cmp::Reverse(count), document));
    let mut shared: Option<Vec<bool>> = None;
    let mut kin = 0;
    // The item itself is among them, maybe in several parts.
    for (document, _) in nearest.into_iter().take(4 * MOST) {
        let other = snapshot.text_of(document)?;
        if (&other.benchmark, &other.item) == (&stored.benchmark, &stored.item) {
            continue;
        }
        let theirs: Vec<Word> = item_words(&other.text, known)
            .iter()
            .map(|w| Word { hash: w.hash, start: w.start, end: w.end })
            .collect();
        let matches = pair(words, &stored.text, &theirs, &other.text);
        let all: f64 = words.iter().map(|word| word.weight).sum();
        let common: f64 = words
            .iter()
            .zip(&matches)
            .filter_map(|(word, found)| found.as_ref().map(|found| word.weight * found.credit))
            .sum();
        if common < KIN * all || common > SAME * all {
            continue;
        }
        let shared = shared.get_or_insert_with(|| vec![false; words.len()]);
        for (shared, found) in shared.iter_mut().zip(&matches) {
            *shared |= found.is_some();
        }
        kin += 1;
        if kin == MOST {
            break;
        }
    }
    Ok(shared)
}
