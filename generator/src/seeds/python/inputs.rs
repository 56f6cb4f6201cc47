//! Arguments for test calls.

use std::collections::BTreeMap;

use crate::seeds::Draw;

/// How many random inputs a task gets beside its edge cases.
const RANDOM: i64 = 7;

const WORDS: &[&str] = &[
    "river", "stone", "cloud", "garden", "window", "yellow", "market", "planet", "silver",
    "bridge", "forest", "candle", "orange", "kitten", "summer", "winter", "level", "noon", "radar",
    "apple", "ocean", "island", "egg", "tree", "moon", "banana", "cat", "dog", "sun", "ink",
    "umbrella", "fig",
];

/// Random numbers of a range.
pub(super) fn ints(draw: &mut Draw, low: i64, high: i64) -> Vec<i64> {
    (0..RANDOM).map(|_| draw.int(low..=high)).collect()
}

/// Random pairs of numbers of a range.
pub(super) fn pairs(draw: &mut Draw, low: i64, high: i64) -> Vec<(i64, i64)> {
    (0..RANDOM).map(|_| (draw.int(low..=high), draw.int(low..=high))).collect()
}

/// A list of `shortest` to 7 numbers of a range.
pub(super) fn list(draw: &mut Draw, shortest: i64, low: i64, high: i64) -> Vec<i64> {
    (0..draw.int(shortest..=7)).map(|_| draw.int(low..=high)).collect()
}

/// Lists of 3 to 7 numbers of a range.
pub(super) fn lists(draw: &mut Draw, low: i64, high: i64) -> Vec<Vec<i64>> {
    (0..RANDOM).map(|_| list(draw, 3, low, high)).collect()
}

/// A lower-case English word.
pub(super) fn word(draw: &mut Draw) -> String {
    (*draw.pick(WORDS)).to_owned()
}

/// Distinct lower-case English words.
pub(super) fn words(draw: &mut Draw) -> Vec<String> {
    let mut all: Vec<String> = WORDS.iter().map(|word| (*word).to_owned()).collect();
    draw.shuffle(&mut all);
    all.truncate(RANDOM as usize);
    all
}

/// Lists of 2 to 6 lower-case words, which may repeat.
pub(super) fn word_lists(draw: &mut Draw) -> Vec<Vec<String>> {
    (0..RANDOM).map(|_| (0..draw.int(2..=6)).map(|_| word(draw)).collect()).collect()
}

/// Lower-case words with single blanks between them.
pub(super) fn sentences(draw: &mut Draw) -> Vec<String> {
    word_lists(draw).iter().map(|words| words.join(" ")).collect()
}

/// Dictionaries from 2 to 5 words to numbers of a range.
pub(super) fn dicts(draw: &mut Draw, low: i64, high: i64) -> Vec<BTreeMap<String, i64>> {
    (0..RANDOM)
        .map(|_| {
            let keys = words(draw);
            let size = draw.int(2..=5) as usize;
            keys.into_iter().take(size).map(|key| (key, draw.int(low..=high))).collect()
        })
        .collect()
}

/// Every value as the only argument of a call.
pub(super) fn alone<T>(values: impl IntoIterator<Item = T>) -> Vec<(T,)> {
    values.into_iter().map(|value| (value,)).collect()
}
