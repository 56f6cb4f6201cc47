use std::collections::{HashMap, HashSet};

use lehr_record::{Overlap, OverlapKind, Span};

use super::criteria::Embed;
use super::passage::{Passage, most_like};
use super::settle::{Pair, settle};
use super::terms::{Candidate, Placed, Term, each_term};
use super::vectors::{Meaning, essence};
use crate::embedding::{Embedder, cosine};
use crate::snapshot::Snapshot;
use crate::{HygieneError, Rules, Subject};

/// The words of a passage when every passage is embedded, and how far the next one begins behind it.
const PASSAGE: (u32, u32) = (60, 30);

/// The least score of an overlap that does not condemn and is reported all the same.
const NEAR: f64 = 0.5;

/// The benchmark items that the text asks in other words. Items of which `already` condemns are passed over.
pub(crate) fn check(
    snapshot: &Snapshot,
    rules: &Rules,
    subject: Subject<'_>,
    already: &[Overlap],
) -> Result<Vec<Overlap>, HygieneError> {
    let criteria = &rules.criteria.paraphrase;
    let meaning = snapshot.meaning()?;
    let embedder = rules.embedder.as_deref().filter(|_| criteria.embed != Embed::Off);
    let mut candidates =
        meaning.terms.candidates(subject.text, criteria.candidate_share, criteria.candidates);
    if let Some(embedder) = embedder.filter(|_| criteria.embed == Embed::All) {
        candidates.extend(nearest(&meaning, embedder, subject.text)?);
    }
    let mut placed = Vec::new();
    if !candidates.is_empty() {
        each_term(subject.text, |term| placed.push(term));
    }
    let mut found: HashMap<u32, Overlap> = HashMap::new();
    let mut vectors: HashMap<(usize, usize), Vec<f32>> = HashMap::new();
    for candidate in candidates {
        let item = &meaning.items[candidate.item as usize];
        let known =
            |o: &Overlap| o.condemns && o.benchmark == item.benchmark && o.item == item.item;
        if already.iter().any(known) {
            continue;
        }
        let terms = &meaning.terms.items[candidate.item as usize];
        let window = (candidate.start, candidate.end);
        // The cheapest way to see that it is another item.
        if !numbers_there(&placed, window, &terms.numbers, criteria.numbers) {
            continue;
        }
        let Some(passage) = most_like(subject.text, &placed, window, terms, &meaning.terms) else {
            continue;
        };
        let text = &subject.text[passage.start..passage.end];
        let alike = || {
            let Some(embedder) = embedder else { return Ok(None) };
            let item = meaning.vector(candidate.item as usize, embedder)?;
            let place = (passage.start, passage.end);
            let passage = match vectors.get(&place) {
                Some(known) => known,
                None => vectors.entry(place).or_insert(embedder.embed(text)?),
            };
            Ok::<_, HygieneError>(Some(f64::from(cosine(passage, &item))))
        };
        let pair = Pair {
            texts: (text, &item.text),
            numbers: terms.numbers.len(),
            short: terms.words <= rules.criteria.short_words,
        };
        let settled = settle(criteria, &passage, &pair, alike, rules.judge.as_deref())?;
        // Whatever falls short of a paraphrase is no near miss unless it is like the item as a whole.
        if !settled.condemns && settled.score < NEAR {
            continue;
        }
        let overlap = Overlap {
            benchmark: item.benchmark.clone(),
            item: item.item.clone(),
            kind: OverlapKind::Paraphrase,
            condemns: settled.condemns,
            reason: settled.reason,
            score: settled.score,
            spans: vec![span(&passage)],
            excerpt: text.to_owned(),
            item_spans: vec![item_span(&item.text)],
            benchmark_excerpt: essence(&item.text).to_owned(),
        };
        let better =
            |known: &Overlap| (overlap.condemns, overlap.score) > (known.condemns, known.score);
        if found.get(&candidate.item).is_none_or(better) {
            found.insert(candidate.item, overlap);
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_by_key(|(item, _)| *item);
    Ok(found.into_iter().map(|(_, overlap)| overlap).collect())
}

/// Whether at least `share` of the numbers stand in a window of the text, if there are any.
fn numbers_there(
    placed: &[Placed],
    (first, end): (u32, u32),
    numbers: &HashSet<Term>,
    share: f64,
) -> bool {
    let from = placed.partition_point(|term| term.position < first);
    let to = placed.partition_point(|term| term.position < end);
    let inside = &placed[from..to];
    let there = |number: &Term| inside.iter().any(|placed| placed.number && placed.term == *number);
    let found = numbers.iter().filter(|number| there(number)).count();
    found as f64 >= share * numbers.len() as f64
}

fn span(passage: &Passage) -> Span {
    Span { start: passage.start, end: passage.end }
}

/// Where the essence of an item's text stands in it.
fn item_span(text: &str) -> Span {
    let inside = essence(text);
    let start = inside.as_ptr() as usize - text.as_ptr() as usize;
    Span { start, end: start + inside.len() }
}

/// For each passage of the text the item whose meaning is nearest.
fn nearest(
    meaning: &Meaning,
    embedder: &Embedder,
    text: &str,
) -> Result<Vec<Candidate>, HygieneError> {
    let all = meaning.all(embedder)?;
    let words: Vec<Span> = crate::shingle::Words::new(text)
        .map(|word| Span { start: word.start, end: word.end })
        .collect();
    let mut found = Vec::new();
    let (length, step) = PASSAGE;
    for start in (0..words.len() as u32).step_by(step as usize) {
        let end = (start + length).min(words.len() as u32);
        let passage = &text[words[start as usize].start..words[end as usize - 1].end];
        let vector = embedder.embed(passage)?;
        let scored = all.iter().zip(0..).map(|(item, at)| (cosine(&vector, item), at));
        if let Some((_, item)) = scored.max_by(|a: &(f32, u32), b| a.0.total_cmp(&b.0)) {
            found.push(Candidate { item, share: 0.0, start, end });
        }
        if end as usize == words.len() {
            break;
        }
    }
    Ok(found)
}
