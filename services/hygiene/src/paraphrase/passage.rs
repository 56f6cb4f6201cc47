//! The passage of a text that is most like an item.

use std::collections::HashSet;

use super::terms::{ItemTerms, Placed, Term, TermIndex};

/// Sentences of a text in a row, and what they share with an item.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    /// Its bytes in the text.
    pub start: usize,
    pub end: usize,
    /// The share of the item's terms in it, by weight, from 0 to 1.
    pub share: f64,
    /// The weight of the shared terms over that of all terms of both, and the share of the numbers: what the
    /// passage was chosen by.
    pub likeness: f64,
    /// What became of the item's numbers; `None` when it has none.
    pub numbers: Option<Numbers>,
}

/// The numbers of an item in a passage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    /// The share of the item's numbers that are there, from 0 to 1.
    pub found: f64,
    /// The share of the passage's numbers in digits that the item does not have, from 0 to 1.
    pub foreign: f64,
    /// The weight of those found: small numbers recur by chance, rare ones do not.
    pub weight: f64,
}

/// A sentence or line, and its terms.
struct Sentence {
    start: usize,
    end: usize,
    words: usize,
    terms: Vec<Placed>,
}

/// The passage within a window of the text's words, and the sentences that it cuts, which is most like the
/// item; `None` when there are no terms. `placed` are all terms of the text.
pub(crate) fn most_like(
    text: &str,
    placed: &[Placed],
    window: (u32, u32),
    item: &ItemTerms,
    index: &TermIndex,
) -> Option<Passage> {
    let sentences = sentences(text, placed, window);
    let weight_of: HashSet<Term> = item.terms.iter().map(|(term, _)| *term).collect();
    let end_of_all = sentences.last()?.end;
    let mut best: Option<Passage> = None;
    for from in 0..sentences.len() {
        let (mut all, mut shared) = (0.0, 0.0);
        let (mut seen, mut numbers, mut digits) = (HashSet::new(), HashSet::new(), HashSet::new());
        let mut words = 0;
        for sentence in &sentences[from..] {
            for placed in &sentence.terms {
                if placed.number {
                    numbers.insert(placed.term);
                }
                if placed.digits {
                    digits.insert(placed.term);
                }
                if seen.insert(placed.term) {
                    let weight = index.weight(placed.term);
                    all += weight;
                    if weight_of.contains(&placed.term) {
                        shared += weight;
                    }
                }
            }
            words += sentence.words;
            let there = item.numbers.iter().filter(|number| numbers.contains(number));
            let found = there.clone().count() as f64 / item.numbers.len().max(1) as f64;
            let foreign = digits.iter().filter(|number| !weight_of.contains(number)).count();
            let foreign = foreign as f64 / digits.len().max(1) as f64;
            let common = shared / (all + item.weight - shared).max(f64::MIN_POSITIVE);
            // A question's numbers are spread over all of its sentences: a part of them is a part of it.
            let likeness =
                common + if item.numbers.is_empty() { 0.0 } else { found - foreign / 2.0 };
            let whole = 2 * words >= item.words || sentence.end == end_of_all;
            if whole && best.as_ref().is_none_or(|best| likeness > best.likeness) {
                best = Some(Passage {
                    start: sentences[from].start,
                    end: sentence.end,
                    share: shared / item.weight.max(f64::MIN_POSITIVE),
                    likeness,
                    numbers: (!item.numbers.is_empty()).then(|| Numbers {
                        found,
                        foreign,
                        weight: there.map(|number| index.weight(*number)).sum(),
                    }),
                });
            }
            // Much longer than the item it is not the item in other words.
            if words > 3 * item.words + 20 {
                break;
            }
        }
    }
    best
}

/// The sentences that have terms in words `first..end`.
fn sentences(text: &str, placed: &[Placed], (first, end): (u32, u32)) -> Vec<Sentence> {
    let from = placed.partition_point(|term| term.position < first);
    let to = placed.partition_point(|term| term.position < end);
    let mut sentences = Vec::new();
    if from == to {
        return sentences;
    }
    let last = placed[to - 1].start;
    let mut start = sentence_start(text, placed[from].start);
    let mut terms = &placed[placed.partition_point(|term| term.start < start)..];
    while start <= last {
        let stop = sentence_end(text, start);
        let (inside, rest) = terms.split_at(terms.partition_point(|term| term.start < stop));
        terms = rest;
        if !inside.is_empty() {
            let piece = &text[start..stop];
            let lead = piece.len() - piece.trim_start().len();
            sentences.push(Sentence {
                start: start + lead,
                end: start + piece.trim_end().len(),
                words: piece.split_whitespace().count(),
                terms: inside.to_vec(),
            });
        }
        start = stop;
    }
    sentences
}

/// Where the sentence that has the byte `at` begins.
fn sentence_start(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let begins = |at: usize| match bytes[at - 1] {
        b'\n' => true,
        byte => byte.is_ascii_whitespace() && at > 1 && matches!(bytes[at - 2], b'.' | b'?' | b'!'),
    };
    (1..=at).rev().find(|at| begins(*at)).unwrap_or(0)
}

/// Where the sentence that begins at `start` ends: after a full stop, question or exclamation mark with a
/// blank behind it, or a line's end.
fn sentence_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    for at in start..bytes.len() {
        let ends = match bytes[at] {
            b'\n' => true,
            b'.' | b'?' | b'!' => bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
            _ => false,
        };
        if ends {
            return at + 1;
        }
    }
    bytes.len()
}
