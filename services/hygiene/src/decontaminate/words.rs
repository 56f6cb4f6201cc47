//! Items found by their words.
//!
//! Three steps, each cheaper than the next is thorough. First the text is read once and each of its
//! shingles looked up in a filter; most are in no benchmark and forgotten ([`super::scan`]). The
//! items behind the others are ranked by the share of their shingles that the text has in one place.
//! The best are then read back and compared with that place word by word ([`super::compare`]).

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use lehr_record::Overlap;
use tantivy::DocAddress;

use super::compare::Comparison;
use super::scan::{Stretch, stretches};
use crate::known::Known;
use crate::shingle::{ShingleId, WIDTH};
use crate::snapshot::Snapshot;
use crate::{HygieneError, Rules, Subject, Template};

/// The least length of half a stretch, in words: below it a text is one stretch.
pub(super) const HALF_STRETCH: usize = 8192;

/// How many documents are compared with a text that shares little with any; see [`Check::nearest`].
const CANDIDATES: usize = 16;

/// The most places of a text where one item is looked for.
const PLACES: usize = 3;

/// The benchmark items that the text quotes, in no particular order.
pub(crate) fn check(
    snapshot: &Snapshot,
    rules: &Rules,
    subject: Subject<'_>,
) -> Result<Vec<Overlap>, HygieneError> {
    let known = snapshot.known()?;
    let half = reach(snapshot.longest).max(HALF_STRETCH);
    let mut check =
        Check { snapshot, known, rules, subject, template: None, best: BTreeMap::new() };
    stretches(subject.text, &known.filter, snapshot.widths, half, |stretch| check.settle(stretch))?;
    Ok(check.best.into_values().collect())
}

/// How many words of a text a quote of an item may be spread over: as many again may have been put
/// in, and some.
pub(super) fn reach(item_words: usize) -> usize {
    2 * item_words + 16
}

/// One check under way.
struct Check<'a> {
    snapshot: &'a Snapshot,
    known: &'a Known,
    rules: &'a Rules,
    subject: Subject<'a>,
    /// The text's template, made when it is first needed.
    template: Option<Template>,
    /// The best overlap with each item so far, by benchmark and item.
    best: BTreeMap<(String, String), Overlap>,
}

/// A document that the stretch may quote.
#[derive(Default)]
struct Candidate {
    /// The indexes of the stretch's hits that it has.
    hits: Vec<usize>,
}

impl Check<'_> {
    /// Compares a stretch with the items that it may quote.
    fn settle(&mut self, stretch: &Stretch) -> Result<(), HygieneError> {
        let mut places: HashMap<ShingleId, Vec<usize>> = HashMap::new();
        for (index, hit) in stretch.hits.iter().enumerate() {
            places.entry(hit.id).or_default().push(index);
        }
        let mut candidates: HashMap<DocAddress, Candidate> = HashMap::new();
        for (id, indexes) in &places {
            self.snapshot.documents_with(*id, |document| {
                candidates.entry(document).or_default().hits.extend(indexes);
            })?;
        }
        let found = places.len();
        for (document, mut candidate) in self.nearest(candidates, stretch, found) {
            candidate.hits.sort_unstable();
            self.compare(document, &candidate, stretch)?;
        }
        Ok(())
    }

    /// The documents worth reading back, those with the largest share of their shingles in one place
    /// first. The more of the text is in benchmarks the more are looked at.
    fn nearest(
        &self,
        candidates: HashMap<DocAddress, Candidate>,
        stretch: &Stretch,
        found: usize,
    ) -> Vec<(DocAddress, Candidate)> {
        let mut ranked: Vec<_> = candidates
            .into_iter()
            .filter_map(|(document, mut candidate)| {
                candidate.hits.sort_unstable();
                let distinct = self.snapshot.distinct_shingles_of(document).max(1) as usize;
                let count = best_window(&candidate.hits, stretch, reach(distinct + WIDTH)).2;
                let share = count as f64 / distinct as f64;
                // A shingle alone covers up to `WIDTH` words.
                let possible = share * WIDTH as f64 >= self.rules.criteria.reported;
                possible.then_some((
                    Reverse(share.to_bits()),
                    Reverse(distinct),
                    document,
                    candidate,
                ))
            })
            .collect();
        ranked
            .sort_unstable_by_key(|(share, distinct, document, _)| (*share, *distinct, *document));
        ranked.truncate(CANDIDATES + found / 16);
        ranked.into_iter().map(|(.., document, candidate)| (document, candidate)).collect()
    }

    /// Compares one document with the places of the stretch where most of it may stand.
    fn compare(
        &mut self,
        document: DocAddress,
        candidate: &Candidate,
        stretch: &Stretch,
    ) -> Result<(), HygieneError> {
        let stored = self.snapshot.text_of(document)?;
        let template = self.template.get_or_insert_with(|| self.subject.whole_template());
        let comparison = Comparison::new(self.snapshot, self.known, &stored, template);
        let mut hits = candidate.hits.clone();
        for _ in 0..PLACES {
            if hits.is_empty() {
                break;
            }
            let (first, last, _) = best_window(&hits, stretch, reach(comparison.words()));
            let place = (stretch.hits[hits[first]], stretch.hits[hits[last]]);
            hits.drain(first..=last);
            let overlap = comparison.at(place, stretch, self.subject, &self.rules.criteria)?;
            let Some(overlap) = overlap else { continue };
            let condemns = overlap.condemns;
            let key = (overlap.benchmark.clone(), overlap.item.clone());
            if self.best.get(&key).is_none_or(|old| super::rank(&overlap) < super::rank(old)) {
                self.best.insert(key, overlap);
            }
            if condemns {
                break;
            }
        }
        Ok(())
    }
}

/// The window over at most `reach` words with the most different shingles: its first and last hits,
/// as indexes of `hits`, and how many there are. The earliest of equals.
fn best_window(hits: &[usize], stretch: &Stretch, reach: usize) -> (usize, usize, usize) {
    let mut present: HashMap<ShingleId, u32> = HashMap::with_capacity(hits.len());
    let mut best = (0, 0, 0);
    let mut first = 0;
    for (last, &index) in hits.iter().enumerate() {
        let hit = stretch.hits[index];
        *present.entry(hit.id).or_insert(0) += 1;
        while stretch.hits[hits[first]].at + reach < hit.at {
            if let Some(count) = present.get_mut(&stretch.hits[hits[first]].id) {
                *count -= 1;
                if *count == 0 {
                    present.remove(&stretch.hits[hits[first]].id);
                }
            }
            first += 1;
        }
        if present.len() > best.2 {
            best = (first, last, present.len());
        }
    }
    best
}
