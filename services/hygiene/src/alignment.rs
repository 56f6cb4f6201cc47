//! Where in a text an item stands, and how much of it.
//!
//! Shared shingles scattered over a long text mean nothing; gathered in one place they are a quote.
//! [`align`] slides a window over the text, about twice as long as the item so that words may have
//! been put in, and takes the place that covers most of the item.
//!
//! Coverage counts words, not shingles: a word is covered when a shared shingle holds it. Changing
//! one word of a sentence breaks five shingles but uncovers one word, so the score falls with the
//! edits and not five times as fast. A word is worth the heaviest shingle that could cover it and
//! earns the heaviest that does, so that common phrasing (of low weight) cannot stand in for what is
//! particular to the item. The score is earned over worth: 0 when nothing is shared, 1 for a
//! verbatim quote, and it never falls when more is shared.

use std::collections::HashMap;

use lehr_record::Span;

use crate::shingle::{Shingle, ShingleId};

/// An item as the alignment sees it.
#[derive(Debug)]
pub struct WeightedItem {
    /// The number of its words.
    pub words: usize,
    /// The width of its shingles: `shingles.len() == words + 1 - width`.
    pub width: usize,
    /// Its shingles in order; place `j` covers words `j..j + width`.
    pub shingles: Vec<ShingleId>,
    /// The weight of each shingle, at least 0.
    pub weights: Vec<f64>,
}

/// The best place found.
#[derive(Clone, Debug, PartialEq)]
pub struct Alignment {
    /// The covered share of the item, in (0, 1].
    pub score: f64,
    /// The covered stretches of the text, merged where their words touch, in order.
    pub spans: Vec<Span>,
    /// The words of the item that the first of `spans` stands for, from its first to one past its
    /// last.
    pub item_words: (usize, usize),
}

/// Finds the place in the text that covers most of the item; `None` when nothing of weight is
/// shared. `hits` are shingles of the text that occur in the item, in order of position.
///
/// Takes time in proportion to the hits plus the words between the first and the last of them.
pub fn align(item: &WeightedItem, hits: &[Shingle]) -> Option<Alignment> {
    let mut coverage = Coverage::new(item);
    let reach = reach(item.words) as u32;
    let mut first = 0;
    let mut best: Option<(f64, usize, usize)> = None;
    for (last, hit) in hits.iter().enumerate() {
        coverage.enter(hit.id);
        while hit.position - hits[first].position > reach {
            coverage.leave(hits[first].id);
            first += 1;
        }
        // Sums of floats drift by less than this; a draw goes to the earlier place.
        if best.is_none_or(|(earned, ..)| coverage.earned > earned + 1e-9) {
            best = Some((coverage.earned, first, last));
        }
    }
    let (_, first, last) = best?;
    let window = &hits[first..=last];
    let score = Coverage::of(item, window);
    (score > 0.0).then(|| {
        let (spans, first_span) = merge(window);
        Alignment { score, spans, item_words: item_range(item, first_span) }
    })
}

/// How many words of a text a quote of an item may be spread over: as many again may have been put
/// in, and some.
pub fn reach(item_words: usize) -> usize {
    2 * item_words + 16
}

/// Which shingles of the item are present, and what its words earn by that.
struct Coverage<'a> {
    item: &'a WeightedItem,
    places: HashMap<ShingleId, Vec<usize>>,
    present: HashMap<ShingleId, u32>,
    covered: Vec<bool>,
    earned: f64,
}

impl<'a> Coverage<'a> {
    fn new(item: &'a WeightedItem) -> Self {
        let mut places: HashMap<_, Vec<_>> = HashMap::with_capacity(item.shingles.len());
        for (place, id) in item.shingles.iter().enumerate() {
            places.entry(*id).or_default().push(place);
        }
        let covered = vec![false; item.shingles.len()];
        Self { item, places, present: HashMap::new(), covered, earned: 0.0 }
    }

    /// The exact score of a window.
    fn of(item: &'a WeightedItem, window: &[Shingle]) -> f64 {
        let mut coverage = Self::new(item);
        for hit in window {
            coverage.enter(hit.id);
        }
        let earned: f64 = (0..item.words).map(|word| coverage.word(word, false)).sum();
        let worth: f64 = (0..item.words).map(|word| coverage.word(word, true)).sum();
        if worth > 0.0 { earned / worth } else { 0.0 }
    }

    fn enter(&mut self, id: ShingleId) {
        let count = self.present.entry(id).or_insert(0);
        *count += 1;
        if *count == 1 {
            self.set(id, true);
        }
    }

    fn leave(&mut self, id: ShingleId) {
        if let Some(count) = self.present.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                self.set(id, false);
            }
        }
    }

    fn set(&mut self, id: ShingleId, covered: bool) {
        let Some(places) = self.places.remove(&id) else { return };
        for &place in &places {
            let words = place..place + self.item.width;
            let before: f64 = words.clone().map(|word| self.word(word, false)).sum();
            self.covered[place] = covered;
            let after: f64 = words.map(|word| self.word(word, false)).sum();
            self.earned += after - before;
        }
        self.places.insert(id, places);
    }

    /// The heaviest shingle over a word: of those present, or of all.
    fn word(&self, word: usize, all: bool) -> f64 {
        let first = (word + 1).saturating_sub(self.item.width);
        let last = word.min(self.item.shingles.len() - 1);
        (first..=last)
            .filter(|place| all || self.covered[*place])
            .map(|place| self.item.weights[place])
            .fold(0.0, f64::max)
    }
}

/// The spans of a window, and the hits of the first one.
fn merge(window: &[Shingle]) -> (Vec<Span>, &[Shingle]) {
    let mut spans: Vec<Span> = Vec::new();
    let mut in_first = 0;
    let mut next_word = 0;
    for (at, hit) in window.iter().enumerate() {
        match spans.last_mut() {
            Some(span) if hit.position <= next_word => span.end = span.end.max(hit.end),
            _ => spans.push(Span { start: hit.start, end: hit.end }),
        }
        next_word = next_word.max(hit.position + hit.width);
        if spans.len() == 1 {
            in_first = at + 1;
        }
    }
    (spans, &window[..in_first])
}

/// The words of the item that a row of hits stands for: the longest run of places in the same order,
/// so that a phrase that the item repeats does not stretch the range over all of it.
fn item_range(item: &WeightedItem, hits: &[Shingle]) -> (usize, usize) {
    let mut best = (0, item.width);
    let mut longest = 0;
    for (place, id) in item.shingles.iter().enumerate() {
        if hits.first().is_some_and(|first| first.id == *id) {
            let run = item.shingles[place..]
                .iter()
                .zip(hits)
                .take_while(|(id, hit)| hit.id == **id)
                .count();
            if run > longest {
                longest = run;
                best = (place, place + run - 1 + item.width);
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shingle::{Words, item_shingles, width_of};

    fn item(text: &str) -> WeightedItem {
        let words: Vec<_> = Words::new(text).collect();
        let shingles = item_shingles(&words);
        let weights = vec![1.0; shingles.len()];
        WeightedItem { words: words.len(), width: width_of(words.len()), shingles, weights }
    }

    /// Hits at the given places: the place in the text and the shingle of the item.
    fn hits(item: &WeightedItem, places: &[(u32, usize)]) -> Vec<Shingle> {
        let width = item.width as u32;
        let hit = |&(position, place): &(u32, usize)| Shingle {
            id: item.shingles[place],
            position,
            width,
            start: position as usize * 10,
            end: (position + width) as usize * 10 - 1,
        };
        places.iter().map(hit).collect()
    }

    #[test]
    fn words_are_covered_once_and_in_one_place() {
        let item = item("one two three four five six seven eight nine ten");
        for (places, score, spans) in [
            (vec![(100, 0)], 0.5, 1),
            (vec![(100, 0), (101, 1)], 0.6, 1),
            (vec![(100, 0), (105, 5)], 1.0, 1),
            (vec![(100, 0), (110, 5)], 1.0, 2),
            (vec![(100, 0), (500, 5)], 0.5, 1),
            (vec![(100, 0), (110, 0)], 0.5, 1),
            (vec![(9, 0), (100, 0), (500, 1), (501, 2), (505, 5)], 0.9, 1),
        ] {
            let found = align(&item, &hits(&item, &places));
            let found = found.map(|a| ((a.score * 1000.0).round() / 1000.0, a.spans.len()));
            assert_eq!(found, Some((score, spans)), "{places:?}");
        }
        assert_eq!(align(&item, &[]), None);
    }

    #[test]
    fn weightless_shingles_find_nothing() {
        let mut item = item("one two three four five six");
        item.weights = vec![0.0, 0.0];
        assert_eq!(align(&item, &hits(&item, &[(3, 0), (4, 1)])), None);
    }

    proptest! {
        #[test]
        fn more_hits_never_lower_the_score(
            places in prop::collection::btree_set((0u32..40, 0usize..8), 1..20),
            weights in prop::collection::vec(0.1f64..5.0, 8),
            left_out in 0usize..20,
        ) {
            let mut item = item("a b c d e f g h i j k l");
            item.weights = weights;
            let mut places: Vec<_> = places.into_iter().collect();
            places.dedup_by_key(|place| place.0);
            let all = align(&item, &hits(&item, &places)).map_or(0.0, |a| a.score);
            places.remove(left_out % places.len());
            let fewer = align(&item, &hits(&item, &places)).map_or(0.0, |a| a.score);
            prop_assert!(fewer <= all + 1e-9 && all <= 1.0);
        }
    }
}
