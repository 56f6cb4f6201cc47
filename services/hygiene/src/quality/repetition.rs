//! Repeated lines, paragraphs, phrases, passages and characters (Gopher, table A1).

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::words::{Word, Words, hash, mix};
use super::{Limits, Reason, Rule};

/// Lines and paragraphs of fewer bytes are punctuation of a kind, such as `}` or `\]`.
const LEAST_BYTES: usize = 12;
/// Lines or paragraphs below which a repeated one is no pattern.
const LEAST_PIECES: usize = 4;
/// Times that a phrase occurs before it is frequent.
const LEAST_TIMES: u32 = 8;
/// Words of a passage. Steps of a solution share shorter runs by nature.
const PASSAGE: usize = 8;
/// Repeated passages below which a short text only says the like of two or three things.
const LEAST_PASSAGES: usize = 5;

pub(super) fn check(text: &str, words: &Words, limits: &Limits, reasons: &mut Vec<Reason>) {
    let lines = text.split('\n');
    if let Some(share) = repeated(lines).filter(|share| *share > limits.repeated_lines) {
        let what = "of the lines repeat earlier ones";
        reasons.push(Reason::share(Rule::RepeatedLines, share, limits.repeated_lines, what));
    }
    if let Some(share) = repeated(text.split("\n\n")).filter(|s| *s > limits.repeated_paragraphs) {
        let what = "of the paragraphs repeat earlier ones";
        let limit = limits.repeated_paragraphs;
        reasons.push(Reason::share(Rule::RepeatedParagraphs, share, limit, what));
    }
    let length = words.kept.iter().map(|word| u64::from(word.length)).sum::<u64>().max(1) as f64;
    let mut pairs = 0;
    for (width, limit) in (2..).zip(limits.frequent_phrase) {
        let (characters, times) = frequent(&words.kept, width);
        pairs = pairs.max(times);
        let share = characters as f64 / length;
        if share > limit {
            let what = format!("of the characters are the same {width} words");
            reasons.push(Reason::share(Rule::FrequentPhrase, share, limit, &what));
            break;
        }
        // A longer phrase occurs no more often than the pairs in it.
        if times < LEAST_TIMES {
            break;
        }
    }
    // Nor does a passage.
    let share = if pairs > 1 { passages(&words.kept) as f64 / length } else { 0.0 };
    if share > limits.repeated_passages {
        let what = format!("of the characters are runs of {PASSAGE} words that occurred before");
        let limit = limits.repeated_passages;
        reasons.push(Reason::share(Rule::RepeatedPassages, share, limit, &what));
    }
    let (run, ch) = longest_run(text);
    if run > limits.run {
        let detail = format!("{ch:?} stands {run} times in a row; at most {}", limits.run);
        let badness = 1.0 - limits.run as f64 / run as f64;
        reasons.push(Reason::new(Rule::LongRun, run as f64, limits.run as f64, badness, detail));
    }
}

/// Keys are hashes already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Build = BuildHasherDefault<AsIs>;

/// The greater of the share of pieces that repeat earlier ones and the share of bytes in them.
fn repeated<'a>(pieces: impl Iterator<Item = &'a str>) -> Option<f64> {
    let mut seen = HashSet::<u64, Build>::default();
    let (mut count, mut bytes, mut again, mut bytes_again) = (0, 0, 0, 0);
    for piece in pieces.map(str::trim).filter(|piece| piece.len() >= LEAST_BYTES) {
        count += 1;
        bytes += piece.len();
        if !seen.insert(hash(piece.as_bytes())) {
            again += 1;
            bytes_again += piece.len();
        }
    }
    let share = || f64::max(again as f64 / count as f64, bytes_again as f64 / bytes as f64);
    (count >= LEAST_PIECES).then(share)
}

/// The characters in all occurrences of the frequent phrase of `width` words that takes most, 0 without a
/// frequent one; and how often the most frequent phrase occurs.
fn frequent(words: &[Word], width: usize) -> (u64, u32) {
    let mut counts =
        HashMap::<u64, u32, Build>::with_capacity_and_hasher(words.len(), Build::default());
    let (mut most, mut most_times) = (0, 0);
    for phrase in words.windows(width) {
        let key = phrase.iter().fold(0u64, |sum, word| mix(sum ^ word.hash));
        let times = counts.entry(key).or_default();
        *times += 1;
        most_times = most_times.max(*times);
        if *times >= LEAST_TIMES {
            let length: u64 = phrase.iter().map(|word| u64::from(word.length)).sum();
            most = most.max(u64::from(*times) * length);
        }
    }
    (most, most_times)
}

/// The characters in passages that occurred before, each counted once; 0 when these are few.
fn passages(words: &[Word]) -> u64 {
    let mut seen = HashSet::<u64, Build>::with_capacity_and_hasher(words.len(), Build::default());
    let (mut total, mut again, mut at) = (0u64, 0, 0);
    while let Some(passage) = words.get(at..at + PASSAGE) {
        let key = passage.iter().fold(0u64, |sum, word| sum.rotate_left(7) ^ word.hash);
        if seen.insert(mix(key)) {
            at += 1;
        } else {
            total += passage.iter().map(|word| u64::from(word.length)).sum::<u64>();
            again += 1;
            at += PASSAGE;
        }
    }
    if again >= LEAST_PASSAGES { total } else { 0 }
}

/// The longest run of one character, rules of lines and tables aside.
fn longest_run(text: &str) -> (usize, char) {
    let (mut longest, mut run) = ((0, ' '), (0, ' '));
    for ch in text.chars() {
        run = if ch == run.1 { (run.0 + 1, ch) } else { (1, ch) };
        if run.0 > longest.0
            && !matches!(
                ch,
                '-' | '=' | '_' | '*' | '#' | '~' | '─' | '━' | '═' | '\u{2581}'..='\u{2593}'
            )
            && !ch.is_whitespace()
        {
            longest = run;
        }
    }
    longest
}
