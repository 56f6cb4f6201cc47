//! An item's words as a comparison sees them.
//!
//! Templates are filled in with numbers and names, so these are what makes an item this item and no
//! other of its kind. Each word weighs as much as it is rare among the items; common English words
//! weigh less, numbers and names never little.

use std::collections::HashSet;

use crate::common::is_common;
use crate::known::Known;
use crate::shingle::Words;

/// The weight of a common word, relative to one that is not.
const COMMON_WEIGHT: f64 = 0.25;

/// The least weight of a number or a name.
const PARTICULAR_WEIGHT: f64 = 0.75;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A closed-class word, a word of exercises, an operator.
    Common,
    /// Any other.
    Plain,
    /// Capitalised inside a sentence, or quoted.
    Name,
    /// Digits, a number spelled out, or what is done with numbers.
    Number,
}

/// A word of an item.
#[derive(Clone, Copy, Debug)]
pub struct ItemWord {
    /// The hash of its normal form.
    pub hash: u64,
    /// Its first byte in the item's text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// What it is.
    pub kind: WordKind,
    /// What it is worth, more than 0.
    pub weight: f64,
}

/// Reads the words of an item.
pub fn item_words(text: &str, known: &Known) -> Vec<ItemWord> {
    let mut words: Vec<ItemWord> = Vec::new();
    let mut reader = Words::new(text);
    let mut capitals = 0;
    while let Some((word, normal)) = reader.advance() {
        let capital = text[word.start..].starts_with(char::is_uppercase);
        capitals += usize::from(capital);
        // `¾` is three words in one place.
        let before = text.get(words.last().map_or(0, |last| last.end)..word.start).unwrap_or("");
        let kind = if is_number(normal) {
            WordKind::Number
        } else if is_quoted(before, &text[word.end..])
            || (capital && !opens_sentence(before, words.is_empty()))
        {
            if is_common(normal) { WordKind::Common } else { WordKind::Name }
        } else if is_common(normal) || !normal.starts_with(char::is_alphanumeric) {
            WordKind::Common
        } else {
            WordKind::Plain
        };
        words.push(ItemWord {
            hash: word.hash,
            start: word.start,
            end: word.end,
            kind,
            weight: 0.0,
        });
    }
    // In a headline, or all in capitals, a capital says nothing.
    if capitals * 2 > words.len() {
        words
            .iter_mut()
            .filter(|w| w.kind == WordKind::Name)
            .for_each(|w| w.kind = WordKind::Plain);
    }
    // A name is one at the beginning of a sentence too.
    let names: HashSet<u64> =
        words.iter().filter(|w| w.kind == WordKind::Name).map(|w| w.hash).collect();
    for word in &mut words {
        if word.kind == WordKind::Plain && names.contains(&word.hash) {
            word.kind = WordKind::Name;
        }
        let rarity = known.rarity(word.hash);
        word.weight = match word.kind {
            WordKind::Common => rarity * COMMON_WEIGHT,
            WordKind::Plain => rarity,
            WordKind::Name | WordKind::Number => rarity.max(PARTICULAR_WEIGHT),
        };
    }
    words
}

/// Whether a normal form is a number or an operator.
pub fn is_number(normal: &str) -> bool {
    normal.starts_with(|ch: char| ch.is_numeric())
        || matches!(
            normal,
            "+" | "-"
                | "*"
                | "/"
                | "^"
                | "<"
                | ">"
                | "<="
                | ">="
                | "!="
                | "two"
                | "three"
                | "four"
                | "five"
                | "six"
                | "seven"
                | "eight"
                | "nine"
                | "ten"
                | "eleven"
                | "twelve"
                | "thirteen"
                | "fourteen"
                | "fifteen"
                | "sixteen"
                | "seventeen"
                | "eighteen"
                | "nineteen"
                | "twenty"
                | "thirty"
                | "forty"
                | "fifty"
                | "sixty"
                | "seventy"
                | "eighty"
                | "ninety"
                | "hundred"
                | "thousand"
                | "dozen"
        )
}

/// Whether the text before a word is such that the word opens a sentence.
pub fn opens_sentence(before: &str, first: bool) -> bool {
    first || before.contains(['.', '?', '!', ':', '\n', '"', '\u{201c}'])
}

fn is_quoted(before: &str, after: &str) -> bool {
    let pair = |open: char, close: char| before.ends_with(open) && after.starts_with(close);
    pair('\'', '\'')
        || pair('"', '"')
        || pair('`', '`')
        || pair('\u{201c}', '\u{201d}')
        || pair('\u{2018}', '\u{2019}')
}
