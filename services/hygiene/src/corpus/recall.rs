//! Finding the documents about a topic, with the reason for each.
//!
//! A document's **share** is the part of the topic that it has: the weight of the topic's terms that
//! stand in it over that of all its terms that the corpus knows, a term weighing its inverse document
//! frequency `ln(1 + (N - n + 0.5) / (n + 0.5))`. Words that are everywhere weigh nothing. Its
//! **score** is BM25 (k1 = 1.2, b = 0.75) over the terms, and half as much again for each pair that
//! stands side by side as in the topic. Both depend on nothing but the corpus and the topic: not on
//! how the index is split, nor on threads.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

use serde::Serialize;
use serde_json::{Map, Value, json};
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;
use tantivy::{
    DocAddress, DocId, DocSet, ReloadPolicy, Searcher, SegmentReader, TERMINATED, TantivyDocument,
    TantivyError, Term,
};

use super::layout::NUMBER;
use super::{Corpus, CorpusError, Topic, failed};

/// The most hits that are in memory at a time: documents are looked at in stretches of so many, or
/// the best so many are kept.
const HITS: u64 = 1 << 20;

/// What a pair of terms side by side is worth, of what its terms are.
const PAIR: f32 = 0.5;

/// Which documents are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RecallLimits {
    /// Only the best so many, best first, at most 1,048,576; when absent all of them, in the order of
    /// the corpus.
    pub limit: Option<usize>,
    /// Only documents of at least this score.
    pub min_score: f32,
    /// Only documents of at least this share, from 0 to 1.
    pub min_share: f64,
}

impl Default for RecallLimits {
    fn default() -> Self {
        Self { limit: None, min_score: 0.0, min_share: 0.5 }
    }
}

/// A document that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct RecalledDocument<'a> {
    /// Where it was read: the file with the line or row.
    pub place: &'a str,
    /// Its row: `id`, and of `domain`, `kind`, `text` and `messages` what it has.
    pub row: Map<String, Value>,
    /// How well it fits; see [`RecallLimits::min_score`].
    pub score: f32,
    /// The part of the topic that it has, from 0 to 1.
    pub share: f64,
    /// The words of the topic that it has.
    pub terms: Vec<&'a str>,
    /// The words of the topic that stand side by side in it as they do there.
    pub phrases: Vec<String>,
}

impl RecalledDocument<'_> {
    /// The row, with the reason under `meta`: a document of a mix's dataset.
    pub fn into_json(mut self, corpus: &str) -> Value {
        let meta = json!({
            "corpus": corpus,
            "place": self.place,
            "score": self.score,
            "share": self.share,
            "terms": self.terms,
            "phrases": self.phrases,
        });
        self.row.insert("meta".into(), meta);
        Value::Object(self.row)
    }
}

/// What a search for a topic came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RecallSummary {
    /// The documents that were handed on.
    pub documents: u64,
    /// The documents of the corpus.
    pub searched: u64,
    /// Words of the topic that no document has.
    pub unknown: Vec<String>,
}

impl Corpus {
    /// Hands on the documents about a topic. The same corpus and topic give the same documents in
    /// the same order.
    ///
    /// # Errors
    /// When a limit is out of its bounds, the index cannot be read, or what `each` gives.
    pub fn find<E: From<CorpusError>>(
        &self,
        topic: &Topic,
        limits: &RecallLimits,
        mut each: impl FnMut(RecalledDocument<'_>) -> Result<(), E>,
    ) -> Result<RecallSummary, E> {
        limits.check()?;
        let failed = |source| failed(&self.dir, "read", source);
        let reader = self.index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let searcher = reader.map_err(failed)?.searcher();
        let search = Search::new(self, &searcher, topic, limits).map_err(failed)?;
        let searched = searcher.num_docs();
        let mut documents = 0;
        let mut hand_on = |hits: Vec<Hit>| -> Result<(), E> {
            for hit in hits {
                let fields: TantivyDocument = searcher.doc(hit.address).map_err(failed)?;
                let (place, row) = self.layout.stored(&fields);
                let row = serde_json::from_str(row).map_err(|error| failed(error.into()))?;
                each(search.document(&hit, place, row))?;
                documents += 1;
            }
            Ok(())
        };
        match limits.limit {
            Some(limit) => hand_on(search.best(limit).map_err(failed)?)?,
            None => {
                for from in (0..searched).step_by(usize::try_from(HITS).unwrap_or(usize::MAX)) {
                    hand_on(search.stretch(from).map_err(failed)?)?;
                }
            }
        }
        Ok(RecallSummary { documents, searched, unknown: search.unknown() })
    }

    /// The corpus's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl RecallLimits {
    fn check(&self) -> Result<(), CorpusError> {
        let fault = |reason| Err(CorpusError::Topic { reason });
        match self.limit {
            Some(limit) if limit == 0 || limit as u64 > HITS => {
                return fault(format!("limit is {limit}; ask for 1 to {HITS} documents"));
            }
            _ => {}
        }
        if !(0.0..=1.0).contains(&self.min_share) {
            return fault(format!("the share is {}; it is from 0 to 1", self.min_share));
        }
        if self.min_score.is_nan() {
            return fault("the score is not a number".into());
        }
        Ok(())
    }
}

/// A document that is good enough.
#[derive(Clone, Copy, Debug)]
struct Hit {
    score: f32,
    number: u64,
    share: f64,
    /// The topic's terms and pairs in it, as bits.
    terms: u64,
    pairs: u64,
    address: DocAddress,
}

/// Better hits are greater: by score, then the earlier document.
impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        let earlier = || other.number.cmp(&self.number);
        self.score.total_cmp(&other.score).then_with(earlier)
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Hit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Hit {}

/// A term of the topic in the corpus.
struct Wanted {
    term: Term,
    /// Its inverse document frequency; 0 when no document has it.
    weight: f64,
    bm25: Bm25Weight,
}

/// A topic in the terms of one state of the index.
struct Search<'a> {
    searcher: &'a Searcher,
    corpus: &'a Corpus,
    topic: &'a Topic,
    limits: &'a RecallLimits,
    wanted: Vec<Wanted>,
    pairs: Vec<((usize, usize), Bm25Weight)>,
    /// The weight of all terms.
    whole: f64,
}

impl<'a> Search<'a> {
    fn new(
        corpus: &'a Corpus,
        searcher: &'a Searcher,
        topic: &'a Topic,
        limits: &'a RecallLimits,
    ) -> Result<Self, TantivyError> {
        let documents = searcher.num_docs() as f64;
        let mut wanted = Vec::with_capacity(topic.terms.len());
        for (term, _) in &topic.terms {
            let term = Term::from_field_text(corpus.layout.body, term);
            let with = searcher.doc_freq(&term)? as f64;
            let weight = (1.0 + (documents - with + 0.5) / (with + 0.5)).ln();
            let bm25 = Bm25Weight::for_terms(searcher, std::slice::from_ref(&term))?;
            wanted.push(Wanted { term, weight: if with == 0.0 { 0.0 } else { weight }, bm25 });
        }
        let mut pairs = Vec::with_capacity(topic.pairs.len());
        for &(first, second) in topic.pairs.iter().take(u64::BITS as usize) {
            let terms = [wanted[first].term.clone(), wanted[second].term.clone()];
            let bm25 = Bm25Weight::for_terms(searcher, &terms)?.boost_by(PAIR);
            pairs.push(((first, second), bm25));
        }
        let whole = wanted.iter().map(|wanted| wanted.weight).sum();
        Ok(Self { searcher, corpus, topic, limits, wanted, pairs, whole })
    }

    /// The best hits, best first.
    fn best(&self, limit: usize) -> Result<Vec<Hit>, TantivyError> {
        let mut best = BinaryHeap::new();
        self.each_hit(|hit| {
            best.push(Reverse(hit));
            if best.len() > limit {
                best.pop();
            }
        })?;
        Ok(best.into_sorted_vec().into_iter().map(|Reverse(hit)| hit).collect())
    }

    /// The hits among the documents of a stretch, in the order of the corpus.
    fn stretch(&self, from: u64) -> Result<Vec<Hit>, TantivyError> {
        let mut hits = Vec::new();
        self.each_hit(|hit| {
            if (from..from + HITS).contains(&hit.number) {
                hits.push(hit);
            }
        })?;
        hits.sort_unstable_by_key(|hit| hit.number);
        Ok(hits)
    }

    fn each_hit(&self, mut each: impl FnMut(Hit)) -> Result<(), TantivyError> {
        for (ord, segment) in (0u32..).zip(self.searcher.segment_readers()) {
            Walk::new(self, segment)?.run(|doc, mut hit| {
                hit.address = DocAddress::new(ord, doc);
                each(hit);
            });
        }
        Ok(())
    }

    fn document<'b>(
        &'b self,
        hit: &Hit,
        place: &'b str,
        row: Map<String, Value>,
    ) -> RecalledDocument<'b> {
        let word = |at: usize| self.topic.terms[at].1.as_str();
        let has = |bits: u64| move |at: &usize| bits >> at & 1 == 1;
        let pairs = (0..self.pairs.len()).filter(has(hit.pairs)).map(|at| self.pairs[at].0);
        RecalledDocument {
            place,
            row,
            score: hit.score,
            share: hit.share,
            terms: (0..self.wanted.len()).filter(has(hit.terms)).map(word).collect(),
            phrases: pairs.map(|(a, b)| format!("{} {}", word(a), word(b))).collect(),
        }
    }

    fn unknown(&self) -> Vec<String> {
        let words = self.wanted.iter().zip(&self.topic.terms);
        words.filter(|(w, _)| w.weight == 0.0).map(|(_, (_, word))| word.clone()).collect()
    }
}

/// Goes through the documents of a segment that have a term of the topic, in order.
struct Walk<'a> {
    search: &'a Search<'a>,
    /// The documents of each term; none when the segment has none.
    postings: Vec<Option<SegmentPostings>>,
    lengths: FieldNormReader,
    numbers: Column<u64>,
    /// The places of each term in the present document, where they were read.
    places: BTreeMap<usize, Vec<u32>>,
}

impl<'a> Walk<'a> {
    fn new(search: &'a Search<'a>, segment: &SegmentReader) -> Result<Self, TantivyError> {
        let body = search.corpus.layout.body;
        let index = segment.inverted_index(body)?;
        let read = |wanted: &Wanted| {
            index.read_postings(&wanted.term, IndexRecordOption::WithFreqsAndPositions)
        };
        Ok(Self {
            postings: search.wanted.iter().map(read).collect::<Result<_, _>>()?,
            lengths: segment.get_fieldnorms_reader(body)?,
            numbers: segment.fast_fields().u64(NUMBER)?,
            places: BTreeMap::new(),
            search,
        })
    }

    fn run(mut self, mut each: impl FnMut(DocId, Hit)) {
        loop {
            let docs = self.postings.iter().flatten().map(DocSet::doc);
            let Some(doc) = docs.min().filter(|doc| *doc != TERMINATED) else { return };
            if let Some(hit) = self.judge(doc) {
                each(doc, hit);
            }
            for postings in self.postings.iter_mut().flatten() {
                if postings.doc() == doc {
                    postings.advance();
                }
            }
        }
    }

    /// `None` when the document is not good enough.
    fn judge(&mut self, doc: DocId) -> Option<Hit> {
        let search = self.search;
        let length = self.lengths.fieldnorm_id(doc);
        let (mut terms, mut score, mut weight) = (0u64, 0.0, 0.0);
        for (at, (postings, wanted)) in self.postings.iter().zip(&search.wanted).enumerate() {
            let Some(postings) = postings.as_ref().filter(|postings| postings.doc() == doc) else {
                continue;
            };
            terms |= 1 << at;
            score += wanted.bm25.score(length, postings.term_freq());
            weight += wanted.weight;
        }
        let share = if search.whole > 0.0 { weight / search.whole } else { 0.0 };
        if share < search.limits.min_share {
            return None;
        }
        self.places.clear();
        let mut pairs = 0u64;
        for (at, ((first, second), bm25)) in search.pairs.iter().enumerate() {
            if terms >> first & terms >> second & 1 == 1 {
                let together = self.together(*first, *second);
                if together > 0 {
                    pairs |= 1 << at;
                    score += bm25.score(length, together);
                }
            }
        }
        if score < search.limits.min_score {
            return None;
        }
        let number = self.numbers.first(doc).unwrap_or_default();
        Some(Hit { score, number, share, terms, pairs, address: DocAddress::new(0, doc) })
    }

    /// How often one term stands right before another in the present document.
    fn together(&mut self, first: usize, second: usize) -> u32 {
        for at in [first, second] {
            if !self.places.contains_key(&at) {
                let mut places = Vec::new();
                if let Some(postings) = &mut self.postings[at] {
                    postings.positions(&mut places);
                }
                self.places.insert(at, places);
            }
        }
        let (Some(before), Some(after)) = (self.places.get(&first), self.places.get(&second))
        else {
            return 0;
        };
        let count =
            before.iter().filter(|place| after.binary_search(&(*place + 1)).is_ok()).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}
