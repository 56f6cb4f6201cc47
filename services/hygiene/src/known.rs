//! What a check knows of the registered items without asking the index.
//!
//! Built once for a state of the registry, by reading its items through. Memory: four bytes for each
//! shingle of the items and some twenty for each word of their vocabulary.

use std::collections::{HashMap, HashSet};

use crate::HygieneError;
use crate::code::CodeIndex;
use crate::common::is_common;
use crate::filter::Filter;
use crate::shingle::{ShingleId, Words, item_shingles, width_of};
use crate::snapshot::Snapshot;

/// The documents from which a shingle says too little about each of them to be looked up: every one
/// of them has others.
const TOO_MANY: u32 = 48;

/// See the module.
#[derive(Debug)]
pub struct Known {
    /// The shingles by which items are found.
    pub filter: Filter,
    /// The programs of the items.
    pub code: CodeIndex,
    /// The number of texts that have a word, by its hash.
    frequencies: HashMap<u64, u32>,
    /// The number of texts.
    texts: u32,
}

impl Known {
    /// Reads all items of a state.
    pub fn read(snapshot: &Snapshot) -> Result<Self, HygieneError> {
        let (terms, frequent) = snapshot.frequent_shingles(TOO_MANY)?;
        let mut known = Self {
            filter: Filter::with_room(terms),
            code: CodeIndex::default(),
            frequencies: HashMap::new(),
            texts: 0,
        };
        snapshot.each_text(|address, stored| {
            known.add(&stored.text, &frequent);
            known.code.add(address, &stored);
        })?;
        known.code.finish();
        Ok(known)
    }

    fn add(&mut self, text: &str, frequent: &HashSet<ShingleId>) {
        let (mut words, mut common) = (Vec::new(), Vec::new());
        let mut reader = Words::new(text);
        while let Some((word, normal)) = reader.advance() {
            words.push(word);
            common.push(is_common(normal));
        }
        self.texts += 1;
        for hash in words.iter().map(|word| word.hash).collect::<HashSet<_>>() {
            *self.frequencies.entry(hash).or_insert(0) += 1;
        }
        let shingles = item_shingles(&words);
        let telling = common
            .windows(width_of(words.len()).max(1))
            .map(|window| window.iter().any(|common| !common));
        let rare =
            shingles.iter().zip(telling).filter(|(id, telling)| *telling && !frequent.contains(id));
        let mut none = true;
        for (id, _) in rare {
            self.filter.insert(id.bits());
            none = false;
        }
        if none {
            shingles.iter().for_each(|id| self.filter.insert(id.bits()));
        }
    }

    /// How rare a word is among the items, in (0, 1]: its inverse document frequency (Robertson and
    /// Sparck Jones, in the form that stays positive: `ln(1 + (N - n + 0.5) / (n + 0.5))` for `n` of
    /// `N` texts) over that of a word which one text has.
    pub fn rarity(&self, word: u64) -> f64 {
        let all = f64::from(self.texts.max(1));
        let with = f64::from(self.frequencies.get(&word).copied().unwrap_or(1)).min(all);
        let frequency = |with: f64| (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
        (frequency(with) / frequency(1.0)).clamp(f64::MIN_POSITIVE, 1.0)
    }
}
