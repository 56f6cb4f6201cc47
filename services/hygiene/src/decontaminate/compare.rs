//! One item against one place of a text.

use std::collections::{HashMap, HashSet};

use lehr_record::{Overlap, OverlapKind, Span};

use super::answer::agrees;
use super::borders::Borders;
use super::family::shared_with_kin;
use super::item::{ItemWord, WordKind, is_number, item_words};
use super::pairing::{Match, instead, pair};
use super::scan::{Hit, Stretch};
use super::verdict::{Findings, judge};
use crate::criteria::Criteria;
use crate::known::Known;
use crate::normalise::fold;
use crate::shingle::{ShingleId, Word, item_shingles};
use crate::snapshot::{Snapshot, StoredText};
use crate::{HygieneError, Subject, Template};

/// Below this share of the item's weight outside the template, all of it counts: an item that is
/// quoted whole must not be discounted away.
const LEFT_OF_TEMPLATE: f64 = 0.1;

/// An item, ready to be compared.
pub struct Comparison<'a> {
    snapshot: &'a Snapshot,
    known: &'a Known,
    stored: &'a StoredText,
    words: Vec<ItemWord>,
    /// Where its shingles stand in it.
    places: HashMap<ShingleId, usize>,
    /// Its words that the text's template has.
    templated: Vec<bool>,
    all_template: bool,
}

impl<'a> Comparison<'a> {
    /// Reads the item.
    pub fn new(
        snapshot: &'a Snapshot,
        known: &'a Known,
        stored: &'a StoredText,
        template: &Template,
    ) -> Self {
        let words = item_words(&stored.text, known);
        let plain: Vec<Word> =
            words.iter().map(|w| Word { hash: w.hash, start: w.start, end: w.end }).collect();
        let mut places = HashMap::new();
        for (place, id) in item_shingles(&plain).into_iter().enumerate() {
            places.entry(id).or_insert(place);
        }
        let mut templated = template.covered(words.iter().map(|word| word.hash));
        let weight = |of: &dyn Fn(usize) -> bool| -> f64 {
            words.iter().enumerate().filter(|(i, _)| of(*i)).map(|(_, word)| word.weight).sum()
        };
        let left = weight(&|i| !templated[i]);
        let all_template = left < LEFT_OF_TEMPLATE * weight(&|_| true);
        if all_template {
            templated.fill(false);
        }
        Self { snapshot, known, stored, words, places, templated, all_template }
    }

    /// The number of the item's words.
    pub fn words(&self) -> usize {
        self.words.len()
    }

    /// Compares the item with the stretch between two hits and as far around them as it may reach.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn at(
        &self,
        (first, last): (Hit, Hit),
        stretch: &Stretch,
        subject: Subject<'_>,
        criteria: &Criteria,
    ) -> Result<Option<Overlap>, HygieneError> {
        let length = self.words.len();
        let place = |hit: Hit| self.places.get(&hit.id).copied().unwrap_or(0);
        let before = place(first) + place(first) / 4 + 4;
        let rest = length - place(last).min(length);
        let from = first.at.saturating_sub(before);
        let to = (last.at + rest + rest / 4 + 4).min(stretch.words.len());
        let window = &stretch.words[from..to];
        let matches = pair(&self.words, &self.stored.text, window, subject.text);
        let mut found = self.findings(&matches, window, subject);
        if found.score < criteria.reported {
            return Ok(None);
        }
        let verbatim = found.score > 0.999;
        if !verbatim && judge(criteria, self.stored.part, &found).0 {
            found.particular = self.particular(&matches)?;
        }
        let (condemns, reason) = judge(criteria, self.stored.part, &found);
        Ok(self.overlap(&matches, window, subject, found.score, condemns, reason))
    }

    /// The words of the item that count, with their matches.
    fn counted<'m>(
        &'m self,
        matches: &'m [Option<Match>],
    ) -> impl Iterator<Item = (&'m ItemWord, Option<Match>)> {
        self.words
            .iter()
            .zip(matches)
            .zip(&self.templated)
            .filter(|(_, templated)| !**templated)
            .map(|((word, found), _)| (word, *found))
    }

    fn findings(
        &self,
        matches: &[Option<Match>],
        window: &[Word],
        subject: Subject<'_>,
    ) -> Findings {
        let credit = |found: Option<Match>| found.map_or(0.0, |found| found.credit);
        let share = |of: &dyn Fn(&ItemWord) -> bool| {
            let (mut got, mut all) = (0.0, 0.0);
            for (word, found) in self.counted(matches).filter(|(word, _)| of(word)) {
                got += word.weight * credit(found);
                all += word.weight;
            }
            if all > 0.0 { got / all } else { 1.0 }
        };
        let count = |kind: WordKind| {
            self.counted(matches)
                .filter(|(word, _)| word.kind == kind)
                .fold((0, 0), |(got, all), (_, found)| {
                    (got + usize::from(found.is_some()), all + 1)
                })
        };
        let taken: HashSet<usize> = matches.iter().flatten().map(|found| found.at).collect();
        let replaced = |kind: WordKind| {
            (0..matches.len())
                .filter(|&i| {
                    self.words[i].kind == kind
                        && !self.templated[i]
                        && matches[i].is_none()
                        && instead(matches, i, window.len()).any(|at| {
                            !taken.contains(&at) && is_like(kind, window, at, subject.text)
                        })
                })
                .count()
        };
        let content = |of: &dyn Fn(Option<Match>) -> bool| {
            self.counted(matches)
                .filter(|(word, found)| {
                    matches!(word.kind, WordKind::Plain | WordKind::Name) && of(*found)
                })
                .map(|(word, _)| word.hash)
                .collect::<HashSet<_>>()
                .len()
        };
        let at = || matches.iter().flatten().map(|found| found.at);
        let borders = at()
            .min()
            .zip(at().max())
            .map(|(first, last)| Borders::of(subject.text, window[first].start, window[last].end));
        Findings {
            words: self.counted(matches).count(),
            score: share(&|_| true),
            story: share(&|word| matches!(word.kind, WordKind::Common | WordKind::Plain)),
            numbers: count(WordKind::Number),
            names: count(WordKind::Name),
            other_numbers: replaced(WordKind::Number),
            other_names: replaced(WordKind::Name),
            content: (content(&|found| found.is_some()), content(&|_| true)),
            template: self.templated.iter().filter(|templated| **templated).count(),
            all_template: self.all_template,
            particular: None,
            answer: agrees(subject.answer, subject.text, self.stored.answer.as_deref()),
            borders,
        }
    }

    /// The share of what sets the item apart from others of its kind.
    fn particular(&self, matches: &[Option<Match>]) -> Result<Option<f64>, HygieneError> {
        let kin = shared_with_kin(self.snapshot, self.known, self.stored, &self.words)?;
        let Some(shared) = kin else { return Ok(None) };
        let (mut got, mut all) = (0.0, 0.0);
        for ((word, found), (shared, templated)) in
            self.words.iter().zip(matches).zip(shared.iter().zip(&self.templated))
        {
            if !shared && !templated && word.kind != WordKind::Common {
                got += found.map_or(0.0, |found| word.weight * found.credit);
                all += word.weight;
            }
        }
        Ok((all > 0.0).then(|| got / all))
    }

    fn overlap(
        &self,
        matches: &[Option<Match>],
        window: &[Word],
        subject: Subject<'_>,
        score: f64,
        condemns: bool,
        reason: String,
    ) -> Option<Overlap> {
        let mut text_words: Vec<usize> = matches.iter().flatten().map(|found| found.at).collect();
        text_words.sort_unstable();
        text_words.dedup();
        let item_at = (0..matches.len()).filter(|i| matches[*i].is_some());
        let spans = runs(text_words.into_iter(), |at| (window[at].start, window[at].end));
        let item_spans = runs(item_at, |at| (self.words[at].start, self.words[at].end));
        let first = *spans.first()?;
        let (start, end) = (item_spans.first()?.start, item_spans.last()?.end);
        Some(Overlap {
            benchmark: self.stored.benchmark.clone(),
            item: self.stored.item.clone(),
            kind: OverlapKind::Words,
            condemns,
            reason,
            score: score.clamp(0.0, 1.0),
            excerpt: subject.text[first.start..first.end].to_owned(),
            spans,
            item_spans,
            benchmark_excerpt: self.stored.text[start..end].to_owned(),
        })
    }
}

/// Whether a word of the text could stand for a number or a name.
fn is_like(kind: WordKind, window: &[Word], at: usize, text: &str) -> bool {
    let word = &text[window[at].start..window[at].end];
    match kind {
        WordKind::Number => is_number(&fold(word).map(|folded| folded.ch).collect::<String>()),
        _ => word.starts_with(char::is_uppercase),
    }
}

/// The stretches that words in a row make up; words may come from the same bytes.
fn runs(words: impl Iterator<Item = usize>, bytes: impl Fn(usize) -> (usize, usize)) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut last = None;
    for at in words {
        let (start, end) = bytes(at);
        match spans.last_mut() {
            Some(span) if last == at.checked_sub(1) || start < span.end => {
                span.end = span.end.max(end);
            }
            _ => spans.push(Span { start, end }),
        }
        last = Some(at);
    }
    spans
}
