//! Rare words and numbers of the items, and where they gather in a text.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

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
        if normal.as_bytes()[0].is_ascii_digit() {
            let value = normal.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            each(placed(hash(value.trim_end_matches(".0"), 1), true, true));
        } else if let Some(value) = number_word(normal) {
            each(placed(hash(value, 1), true, false));
        } else if !is_common(normal) {
            each(placed(hash(stem(normal), 0), false, false));
        }
    }
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
}

struct Entry {
    weight: f64,
    items: Vec<u32>,
}

/// Terms that more items have than this lead to none of them.
const FEW: usize = 64;

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
        Self { items, terms, unknown, scales: SCALES[..=needed].to_vec() }
    }

    /// The weight of a term: its inverse document frequency among the items.
    pub fn weight(&self, term: Term) -> f64 {
        self.terms.get(&term).map_or(self.unknown, |entry| entry.weight)
    }

    /// The items of whose terms at least `share` by weight stand within some window of the text, with the
    /// window's first and last word; the best window of each item, best items first, at most `most`.
    pub fn candidates(&self, text: &str, share: f64, most: usize) -> Vec<Candidate> {
        let mut hits: Vec<(Term, u32)> = Vec::new();
        each_term(text, |placed| {
            if self.terms.contains_key(&placed.term) {
                hits.push((placed.term, placed.position));
            }
        });
        let mut best: HashMap<u32, Candidate> = HashMap::new();
        for half in &self.scales {
            self.windows(&hits, *half, share, &mut best);
        }
        let mut found: Vec<_> = best.into_values().collect();
        found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.item.cmp(&b.item)));
        found.truncate(most);
        found
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
        let mut seen: HashSet<Term, BuildHasherDefault<Ready>> = HashSet::default();
        let mut first = 0;
        for start in (0..=last.1).step_by(half as usize) {
            let end = start + 2 * half;
            first += hits[first..].iter().take_while(|hit| hit.1 < start).count();
            let inside = hits[first..].iter().take_while(|hit| hit.1 < end);
            gathered.clear();
            seen.clear();
            for (term, _) in inside {
                if !seen.insert(*term) {
                    continue;
                }
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
