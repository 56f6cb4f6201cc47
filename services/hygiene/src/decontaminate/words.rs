//! Items found by their words.
//!
//! Three steps, each cheaper than the next is thorough. First the text is read once and each of its
//! shingles looked up; most are in no benchmark and forgotten. The items behind the others are
//! ranked by the share of their shingles that the text has. The best are then read back and aligned
//! with the text ([`crate::alignment`]), which gives the score, the evidence and the decision.
//!
//! A shingle's weight is its inverse document frequency (Robertson and Sparck Jones, in the form
//! that stays positive: `ln(1 + (N - n + 0.5) / (n + 0.5))` for `n` of `N` documents), lowered when
//! its words are common ones.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use lehr_record::{Overlap, OverlapKind, Span};
use tantivy::DocAddress;

use crate::alignment::{Alignment, WeightedItem, align, reach};
use crate::benchmark_file::Part;
use crate::common::is_common;
use crate::criteria::{ANSWER_WORDS, Criteria};
use crate::shingle::{
    Shingle, ShingleId, WIDTH, Word, Words, for_each_shingle, item_shingles, width_of,
};
use crate::snapshot::{Snapshot, StoredText};
use crate::{HygieneError, Rules, Subject};

/// The least length of half a stretch, in words: below it a text is one stretch.
pub(super) const HALF_STRETCH: usize = 8192;

/// How many documents are compared with a text that shares little with any; see [`Check::nearest`].
const CANDIDATES: usize = 16;

/// The weight of a shingle of common words only, relative to one without any.
const COMMON_WEIGHT: f64 = 0.25;

/// The benchmark items that the text quotes, in no particular order.
pub(crate) fn check(
    snapshot: &Snapshot,
    rules: &Rules,
    subject: Subject<'_>,
) -> Result<Vec<Overlap>, HygieneError> {
    let mut check = Check::new(snapshot, rules, subject.text);
    for_each_shingle(subject.text, snapshot.widths, |shingle| check.read(shingle))?;
    check.finish()
}

/// A shingle that the text and some item share.
struct Shared {
    /// How many documents have it.
    documents: u32,
    /// Where it stands in the text.
    places: Vec<Shingle>,
}

/// A stretch of the text. Long texts are taken in stretches that overlap by half, so that time grows
/// with the length and not with its square, and items quoted by chance somewhere in a long text do
/// not crowd out one that is quoted in full.
#[derive(Default)]
struct Stretch {
    /// Its first word.
    start: u32,
    /// The shingles of benchmarks in it.
    shared: HashMap<ShingleId, Shared>,
    /// How many different shingles of each document it has.
    candidates: HashMap<DocAddress, u32>,
}

/// One check under way.
struct Check<'a> {
    snapshot: &'a Snapshot,
    rules: &'a Rules,
    text: &'a str,
    /// Half the length of a stretch in words. Every quote lies in one stretch as a whole.
    half: u32,
    /// The stretches that are being read, at most two.
    open: VecDeque<Stretch>,
    /// The best overlap with each item so far, by benchmark and item.
    best: BTreeMap<(String, String), Overlap>,
}

impl<'a> Check<'a> {
    fn new(snapshot: &'a Snapshot, rules: &'a Rules, text: &'a str) -> Self {
        Self {
            snapshot,
            rules,
            text,
            half: reach(snapshot.longest).max(HALF_STRETCH) as u32,
            open: VecDeque::from([Stretch::default()]),
            best: BTreeMap::new(),
        }
    }

    /// Takes in the next shingle of the text.
    fn read(&mut self, shingle: Shingle) -> Result<(), HygieneError> {
        if self.open.back().is_some_and(|last| shingle.position >= last.start + self.half) {
            self.open.push_back(Stretch { start: shingle.position, ..Stretch::default() });
        }
        if self.open.len() > 2 {
            self.settle_first()?;
        }
        self.open.iter_mut().try_for_each(|stretch| stretch.read(shingle, self.snapshot))
    }

    fn finish(mut self) -> Result<Vec<Overlap>, HygieneError> {
        // The second of two open stretches is the end of the first one.
        self.settle_first()?;
        Ok(self.best.into_values().collect())
    }

    /// Compares the first open stretch with the items that it may quote.
    fn settle_first(&mut self) -> Result<(), HygieneError> {
        let Some(stretch) = self.open.pop_front() else { return Ok(()) };
        for candidate in self.nearest(&stretch) {
            let Some(found) = self.compare(candidate, &stretch)? else { continue };
            let key = (found.benchmark.clone(), found.item.clone());
            if self.best.get(&key).is_none_or(|known| super::rank(&found) < super::rank(known)) {
                self.best.insert(key, found);
            }
        }
        Ok(())
    }

    /// The documents worth reading back, those with the largest share of their shingles in the
    /// stretch first. The longer it is the more are looked at.
    fn nearest(&self, stretch: &Stretch) -> Vec<DocAddress> {
        let mut ranked: Vec<_> = stretch
            .candidates
            .iter()
            .filter_map(|(&document, &count)| {
                let (count, distinct) =
                    (u64::from(count), self.snapshot.distinct_shingles_of(document).max(1));
                let share = count as f64 / distinct as f64;
                // A shingle alone covers up to `WIDTH` words.
                let possible = share * WIDTH as f64 >= self.rules.criteria.reported;
                possible.then_some((Reverse(share.to_bits()), Reverse(distinct), document))
            })
            .collect();
        ranked.sort_unstable();
        ranked.truncate(CANDIDATES + stretch.shared.len() / 16);
        ranked.into_iter().map(|(_, _, document)| document).collect()
    }

    /// Aligns one document with the text.
    fn compare(
        &self,
        document: DocAddress,
        stretch: &Stretch,
    ) -> Result<Option<Overlap>, HygieneError> {
        let stored = self.snapshot.text_of(document)?;
        let mut words = Vec::new();
        let mut common = Vec::new();
        let mut distinctive = HashSet::new();
        let mut reader = Words::new(&stored.text);
        while let Some((word, normal)) = reader.advance() {
            common.push(is_common(normal));
            if !is_common(normal) {
                distinctive.insert(word.hash);
            }
            words.push(word);
        }
        let item = self.weigh(&words, &common, stretch)?;
        let mut places: Vec<Shingle> = item
            .shingles
            .iter()
            .collect::<HashSet<_>>()
            .into_iter()
            .filter_map(|id| stretch.shared.get(id))
            .flat_map(|shared| &shared.places)
            .copied()
            .collect();
        places.sort_unstable_by_key(|place| place.position);
        let Some(alignment) = align(&item, &places) else { return Ok(None) };
        if alignment.score < self.rules.criteria.reported {
            return Ok(None);
        }
        let criteria = &self.rules.criteria;
        let condemns =
            condemns(criteria, stored.part, words.len(), distinctive.len(), alignment.score);
        Ok(Some(overlap(stored, &words, alignment, self.text, condemns)))
    }

    fn weigh(
        &self,
        words: &[Word],
        common: &[bool],
        stretch: &Stretch,
    ) -> Result<WeightedItem, HygieneError> {
        let shingles = item_shingles(words);
        let width = width_of(words.len());
        let mut weights = Vec::with_capacity(shingles.len());
        for (id, common) in shingles.iter().zip(common.windows(width.max(1))) {
            let documents = match stretch.shared.get(id) {
                Some(shared) => shared.documents,
                None => self.snapshot.count_with(*id)?,
            };
            let (all, with) = (self.snapshot.documents as f64, f64::from(documents));
            let frequency = (1.0 + (all - with + 0.5) / (with + 0.5)).ln();
            let particular = common.iter().filter(|c| !**c).count() as f64 / width as f64;
            weights.push(frequency * (COMMON_WEIGHT + (1.0 - COMMON_WEIGHT) * particular));
        }
        Ok(WeightedItem { words: words.len(), width, shingles, weights })
    }
}

fn condemns(criteria: &Criteria, part: Part, words: usize, distinctive: usize, score: f64) -> bool {
    match part {
        // Short ones are not in the index.
        Part::Answer | Part::Solution => score >= criteria.answer_share,
        Part::Code => words >= ANSWER_WORDS && score >= criteria.answer_share,
        Part::Question | Part::Options => {
            let everyday =
                words <= criteria.short_words && distinctive < criteria.short_distinctive;
            !everyday && score >= criteria.share_needed(words)
        }
    }
}

impl Stretch {
    fn read(&mut self, shingle: Shingle, snapshot: &Snapshot) -> Result<(), HygieneError> {
        if let Some(shared) = self.shared.get_mut(&shingle.id) {
            shared.places.push(shingle);
            return Ok(());
        }
        let documents = snapshot.documents_with(shingle.id, |document| {
            *self.candidates.entry(document).or_insert(0) += 1;
        })?;
        if documents > 0 {
            self.shared.insert(shingle.id, Shared { documents, places: vec![shingle] });
        }
        Ok(())
    }
}

fn overlap(
    stored: StoredText,
    words: &[Word],
    alignment: Alignment,
    text: &str,
    condemns: bool,
) -> Overlap {
    let (first, end) = alignment.item_words;
    let item_span = Span { start: words[first].start, end: words[end - 1].end };
    let benchmark_excerpt = stored.text[item_span.start..item_span.end].to_owned();
    let span = alignment.spans[0];
    Overlap {
        benchmark: stored.benchmark,
        item: stored.item,
        kind: OverlapKind::Words,
        condemns,
        reason: format!(
            "{:.0}% of the {} by weight",
            alignment.score * 100.0,
            stored.part.as_str()
        ),
        item_spans: vec![item_span],
        score: alignment.score,
        excerpt: text[span.start..span.end].to_owned(),
        spans: alignment.spans,
        benchmark_excerpt,
    }
}
