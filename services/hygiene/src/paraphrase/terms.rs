//! Rare words and numbers of the items, and where they gather in a text.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::common::is_common;
use crate::shingle::Words;

/// A word's stem or a number's value, as a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Term(u64);

/// A term where it stands in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placed {
    pub term: Term,
    /// The place of its word, from 0.
    pub position: u32,
    /// Its first byte in the text.
    pub start: usize,
    /// Whether it is a number, written in digits or as a word.
    pub number: bool,
    /// Whether it is written in digits.
    pub digits: bool,
}

/// Goes through the content words and numbers of a text.
pub(crate) fn each_term(text: &str, mut each: impl FnMut(Placed)) {
    let mut words = Words::new(text);
    let mut position = 0;
    while let Some((word, normal)) = words.advance() {
        let at = position;
        position += 1;
        let placed =
            |term, number, digits| Placed { term, position: at, start: word.start, number, digits };
        if let Some((term, number, digits)) = resolve(normal) {
            each(placed(term, number, digits));
        }
    }
}

/// The term of a word in normal form, whether it is a number, and whether that is written in digits; `None`
/// of a common word.
fn resolve(normal: &str) -> Option<(Term, bool, bool)> {
    if normal.as_bytes()[0].is_ascii_digit() {
        let value = normal.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        return Some((hash(value.trim_end_matches(".0"), 1), true, true));
    }
    if let Some(value) = number_word(normal) {
        return Some((hash(value, 1), true, false));
    }
    (!is_common(normal)).then(|| (hash(stem(normal), 0), false, false))
}

/// The value of a number that is written as a word.
fn number_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "two" | "twice" | "double" | "pair" | "pairs" => "2",
        "three" | "thrice" | "triple" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "ten" => "10",
        "eleven" => "11",
        "twelve" | "dozen" => "12",
        "fifteen" => "15",
        "twenty" => "20",
        "thirty" => "30",
        "forty" => "40",
        "fifty" => "50",
        "sixty" => "60",
        "hundred" => "100",
        "thousand" => "1000",
        _ => return None,
    })
}

/// A word without its commonest English endings: enough to meet its other forms, not grammar.
fn stem(word: &str) -> &str {
    if !word.is_ascii() || word.len() < 4 {
        return word;
    }
    let cut = ["ingly", "ings", "ing", "edly", "ies", "ied", "ed", "ly", "es", "s", "e", "y"];
    for ending in cut {
        if let Some(root) = word.strip_suffix(ending).filter(|root| root.len() >= 3) {
            let bytes = root.as_bytes();
            let twice = bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
            return if twice { &root[..root.len() - 1] } else { root };
        }
    }
    word
}

/// FNV-1a, mixed.
fn hash(text: &str, kind: u64) -> Term {
    let mut sum = 0xcbf2_9ce4_8422_2325 ^ kind;
    for byte in text.bytes() {
        sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    sum = (sum ^ (sum >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Term(sum ^ (sum >> 29))
}

/// What is known of an item's question.
#[derive(Clone, Debug)]
pub(crate) struct ItemTerms {
    /// Its different terms, sorted, with their weights.
    pub terms: Vec<(Term, f64)>,
    /// The sum of the weights.
    pub weight: f64,
    /// Its numbers that are written in digits.
    pub numbers: HashSet<Term>,
    /// The number of its words.
    pub words: usize,
}

/// The terms of all items.
pub(crate) struct TermIndex {
    pub items: Vec<ItemTerms>,
    /// The weight of each term, and its items if they are few.
    terms: HashMap<Term, Entry, BuildHasherDefault<Ready>>,
    /// The weight of a term that no item has.
    unknown: f64,
    /// Lengths of windows, in words, that fit the items.
    scales: Vec<u32>,
    /// The least weight of an item that has terms.
    lightest: f64,
    /// Tells this index from all others of the process; more than 0.
    number: u64,
}

struct Entry {
    weight: f64,
    items: Vec<u32>,
}

/// Terms that more items have than this lead to none of them.
const FEW: usize = 64;

/// How many indexes this process has made.
static INDEXES: AtomicU64 = AtomicU64::new(0);

/// Half lengths of windows, in words.
const SCALES: [u32; 3] = [40, 120, 400];

impl TermIndex {
    /// Reads the items' texts. Numbers of examples in program text are not numbers of the question.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut read = Vec::new();
        let mut items_with: HashMap<Term, Vec<u32>, BuildHasherDefault<Ready>> = HashMap::default();
        for (at, text) in (0u32..).zip(texts) {
            let (mut terms, mut numbers, mut words) = (Vec::new(), HashSet::new(), 0);
            let mut figures = HashSet::new();
            each_term(text, |placed| {
                terms.push(placed.term);
                if placed.number {
                    figures.insert(placed.term);
                }
                words = placed.position as usize + 1;
                if placed.digits {
                    numbers.insert(placed.term);
                }
            });
            terms.sort_unstable();
            terms.dedup();
            // A formula has no other words.
            if figures.len() >= terms.len() - figures.len() {
                terms.clear();
            }
            for term in &terms {
                items_with.entry(*term).or_default().push(at);
            }
            read.push((terms, numbers, words));
        }
        let all = read.len() as f64;
        let weigh = |with: usize| (1.0 + (all - with as f64 + 0.5) / (with as f64 + 0.5)).ln();
        let unknown = weigh(0);
        let terms: HashMap<_, _, BuildHasherDefault<Ready>> = items_with
            .into_iter()
            .map(|(term, items)| {
                let weight = weigh(items.len());
                (term, Entry { weight, items: if items.len() > FEW { Vec::new() } else { items } })
            })
            .collect();
        let items: Vec<_> = read
            .into_iter()
            .map(|(list, numbers, words)| {
                let list: Vec<_> =
                    list.into_iter().map(|term| (term, terms[&term].weight)).collect();
                let weight = list.iter().map(|(_, weight)| weight).sum();
                ItemTerms { terms: list, weight, numbers, words }
            })
            .collect();
        let longest = items.iter().map(|item| item.words).max().unwrap_or(0) as u32;
        let needed = SCALES.iter().position(|scale| *scale >= longest).unwrap_or(SCALES.len() - 1);
        let weights = items.iter().map(|item| item.weight).filter(|weight| *weight > 0.0);
        let lightest = weights.fold(f64::INFINITY, f64::min);
        let number = INDEXES.fetch_add(1, Ordering::Relaxed) + 1;
        Self { items, terms, unknown, scales: SCALES[..=needed].to_vec(), lightest, number }
    }

    /// The weight of a term: its inverse document frequency among the items.
    pub fn weight(&self, term: Term) -> f64 {
        self.terms.get(&term).map_or(self.unknown, |entry| entry.weight)
    }

    /// The items of whose terms at least `share` by weight stand within some window of the text, with the
    /// window's first and last word; the best window of each item, best items first, at most `most`.
    pub fn candidates(&self, text: &str, share: f64, most: usize) -> Vec<Candidate> {
        let hits = self.hits(text);
        let mut best: HashMap<u32, Candidate> = HashMap::new();
        for half in &self.scales {
            self.windows(&hits, *half, share, &mut best);
        }
        let mut found: Vec<_> = best.into_values().collect();
        found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.item.cmp(&b.item)));
        found.truncate(most);
        found
    }

    /// The words of the text that are terms of few items, with their places.
    fn hits(&self, text: &str) -> Vec<(Term, u32)> {
        let mut hits = Vec::new();
        let mut words = Words::new(text);
        let mut position = 0;
        RESOLVED.with_borrow_mut(|resolved| {
            resolved.belong_to(self.number);
            while let Some((word, normal)) = words.advance() {
                let term = resolved.look_up(word.hash, || {
                    let (term, ..) = resolve(normal)?;
                    self.terms.get(&term).is_some_and(|e| !e.items.is_empty()).then_some(term)
                });
                if let Some(term) = term {
                    hits.push((term, position));
                }
                position += 1;
            }
        });
        hits
    }

    fn windows(
        &self,
        hits: &[(Term, u32)],
        half: u32,
        share: f64,
        best: &mut HashMap<u32, Candidate>,
    ) {
        let Some(last) = hits.last() else { return };
        let mut gathered: HashMap<u32, f64, BuildHasherDefault<Ready>> = HashMap::default();
        let mut seen: Vec<Term> = Vec::new();
        let mut first = 0;
        for start in (0..=last.1).step_by(half as usize) {
            let end = start + 2 * half;
            first += hits[first..].iter().take_while(|hit| hit.1 < start).count();
            let inside = hits[first..].iter().take_while(|hit| hit.1 < end);
            seen.clear();
            seen.extend(inside.map(|hit| hit.0));
            seen.sort_unstable();
            seen.dedup();
            // Too few for any item.
            let most: f64 = seen.iter().map(|term| self.terms[term].weight).sum();
            if seen.len() < LEAST || most < share * self.lightest {
                continue;
            }
            gathered.clear();
            for term in &seen {
                let entry = &self.terms[term];
                for item in &entry.items {
                    *gathered.entry(*item).or_insert(0.0) += entry.weight;
                }
            }
            for (item, weight) in &gathered {
                let terms = &self.items[*item as usize];
                // A window of this length is for items that nearly fill it; longer ones have their own.
                let fits = terms.words as u32 <= 2 * half;
                let found = weight / terms.weight;
                if fits && found >= share && best.get(item).is_none_or(|b| found > b.share) {
                    best.insert(*item, Candidate { item: *item, share: found, start, end });
                }
            }
        }
    }
}

/// The least number of different terms in a window that can lead to an item.
const LEAST: usize = 2;

/// Words that were looked up lately, by their hash, with the term of few items that each is, if any.
struct Resolved {
    /// The index that they were looked up in.
    owner: u64,
    slots: Vec<(u64, Option<Term>)>,
}

thread_local! {
    static RESOLVED: RefCell<Resolved> = const { RefCell::new(Resolved { owner: 0, slots: Vec::new() }) };
}

impl Resolved {
    /// The number of words that are remembered.
    const SLOTS: usize = 1 << 15;

    fn belong_to(&mut self, owner: u64) {
        if self.owner != owner {
            self.owner = owner;
            self.slots.clear();
            self.slots.resize(Self::SLOTS, (0, None));
        }
    }

    fn look_up(&mut self, word: u64, find: impl FnOnce() -> Option<Term>) -> Option<Term> {
        let slot = &mut self.slots[word as usize % Self::SLOTS];
        if slot.0 != word {
            *slot = (word, find());
        }
        slot.1
    }
}

/// An item whose terms gather in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// Its place in [`TermIndex::items`].
    pub item: u32,
    /// The share of its terms' weight in the window.
    pub share: f64,
    /// The window's first word.
    pub start: u32,
    /// One past its last word.
    pub end: u32,
}

/// Terms are hashes already.
#[derive(Default)]
pub(crate) struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<Term> {
        let mut all = Vec::new();
        each_term(text, |placed| all.push(placed.term));
        all
    }

    #[test]
    fn forms_of_a_word_meet() {
        for (a, b) in [
            ("painted", "painting"),
            ("beehives", "beehive"),
            ("stopped", "stopping"),
            ("cities", "city"),
            ("three", "3"),
            ("$1,5", "1 5"),
            ("16.0", "sixteen 16"),
        ] {
            let (a, b) = (terms(a), terms(b));
            assert_eq!(a.last(), b.last(), "{a:?} {b:?}");
        }
        assert_ne!(terms("planet"), terms("plane"));
        assert_eq!(terms("how many are there"), []);
    }

    #[test]
    fn items_are_found_where_their_terms_gather() {
        let items = [
            "A beekeeper fills 19 jars with honey from 7 hives.",
            "A ferry carries 31 cars over the river in 12 crossings.",
        ];
        let index = TermIndex::new(items.into_iter());
        let filler = "nothing of note happened afterwards ".repeat(60);
        let text = format!("{filler} From 7 hives she got honey, 19 jars of it. {filler}");
        let found = index.candidates(&text, 0.4, 4);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].item, 0);
        let words = filler.split_whitespace().count() as u32;
        assert!(found[0].start <= words + 9 && found[0].end >= words, "{found:?}");
        assert!(index.candidates(&filler, 0.1, 4).is_empty());
    }
}
