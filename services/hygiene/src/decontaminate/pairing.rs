//! Which words of an item stand in a stretch of a text, and where.
//!
//! The words that stand there in the same order are found as the heaviest common subsequence, by
//! dynamic programming (Wagner and Fischer 1974). Words that were moved are found by the trigrams
//! that went with them, words with a typing error by their edit distance in the gaps. A word that
//! matches alone, far from others that do, is chance and does not count.

use std::collections::HashMap;
use std::ops::Range;

use super::item::{ItemWord, WordKind};
use crate::normalise::fold;
use crate::shingle::Word;

/// The most cells of the table; larger comparisons go by trigrams alone.
const CELLS: usize = 1 << 20;

/// The credit for a word with a typing error.
const TYPO: f64 = 0.8;

/// Half the most words that are taken for what stands in the place of a word.
const REPLACED: usize = 4;

/// How an item word was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The index of the text's word.
    pub at: usize,
    /// From 0 to 1: less for a word with a typing error.
    pub credit: f64,
}

/// For each word of the item, where it stands among `window`.
pub fn pair(item: &[ItemWord], item_text: &str, window: &[Word], text: &str) -> Vec<Option<Match>> {
    if let Some(from) = verbatim(item, window) {
        return (from..from + item.len()).map(|at| Some(Match { at, credit: 1.0 })).collect();
    }
    let mut matches = vec![None; item.len()];
    if item.len() * window.len() <= CELLS {
        in_order(item, window, &mut matches);
    }
    moved(item, window, &mut matches);
    mistyped(item, item_text, window, text, &mut matches);
    drop_strays(&mut matches);
    matches
}

/// The words of the window that stand in the place of item word `i`, which matched none.
pub fn instead(matches: &[Option<Match>], i: usize, window: usize) -> Range<usize> {
    let before = (0..i).rev().find_map(|j| Some((j, matches[j]?.at)));
    let after = (i + 1..matches.len()).find_map(|j| Some((j, matches[j]?.at)));
    match (before, after) {
        // Words that were moved leave no place.
        (Some((_, from)), Some((_, to))) if from < to => from + 1..to.min(from + 1 + 2 * REPLACED),
        (Some((j, from)), None) => from + 1..window.min(from + 1 + (i - j) + 1),
        (None, Some((j, to))) => to.saturating_sub(j - i + 1)..to,
        _ => 0..0,
    }
}

/// Where the item stands word for word.
fn verbatim(item: &[ItemWord], window: &[Word]) -> Option<usize> {
    window
        .windows(item.len().max(1))
        .position(|words| words.iter().zip(item).all(|(word, item)| word.hash == item.hash))
}

fn in_order(item: &[ItemWord], window: &[Word], matches: &mut [Option<Match>]) {
    let columns = window.len() + 1;
    // `best[i][t]`: the weight that the item from `i` and the window from `t` have in common, with a
    // little for matches in a row, so that words keep to their neighbours.
    let mut best = vec![0f32; (item.len() + 1) * columns];
    for i in (0..item.len()).rev() {
        let weight = item[i].weight as f32;
        for t in (0..window.len()).rev() {
            let at = i * columns + t;
            let skip = best[at + columns].max(best[at + 1]);
            best[at] = if item[i].hash == window[t].hash {
                let next = at + columns + 1;
                let row = i + 1 < item.len()
                    && t + 1 < window.len()
                    && item[i + 1].hash == window[t + 1].hash;
                skip.max(best[next] + weight + if row { 0.02 } else { 0.0 })
            } else {
                skip
            };
        }
    }
    let (mut i, mut t) = (0, 0);
    while i < item.len() && t < window.len() {
        let at = i * columns + t;
        if best[at] == best[at + columns] {
            i += 1;
        } else if best[at] == best[at + 1] {
            t += 1;
        } else {
            matches[i] = Some(Match { at: t, credit: 1.0 });
            i += 1;
            t += 1;
        }
    }
}

fn moved(item: &[ItemWord], window: &[Word], matches: &mut [Option<Match>]) {
    const WIDTH: usize = 3;
    let mut places: HashMap<[u64; WIDTH], usize> = HashMap::with_capacity(window.len());
    for (at, words) in window.windows(WIDTH).enumerate() {
        places.entry([words[0].hash, words[1].hash, words[2].hash]).or_insert(at);
    }
    for (i, words) in item.windows(WIDTH).enumerate() {
        if matches[i..i + WIDTH].iter().all(Option::is_some) {
            continue;
        }
        if let Some(&at) = places.get(&[words[0].hash, words[1].hash, words[2].hash]) {
            for offset in 0..WIDTH {
                let found = Match { at: at + offset, credit: 1.0 };
                matches[i + offset].get_or_insert(found);
            }
        }
    }
}

/// Pairs words in the gaps between matches that differ by a letter or two.
fn mistyped(
    item: &[ItemWord],
    item_text: &str,
    window: &[Word],
    text: &str,
    matches: &mut [Option<Match>],
) {
    for i in 0..item.len() {
        if matches[i].is_some() || item[i].kind == WordKind::Number {
            continue;
        }
        let before = i.checked_sub(1).and_then(|i| matches[i]).map(|found| found.at + 1);
        let after = matches.get(i + 1).copied().flatten().and_then(|found| found.at.checked_sub(1));
        let near = [before, after].into_iter().flatten().find(|&at| {
            window.get(at).is_some_and(|word| {
                alike(&item_text[item[i].start..item[i].end], &text[word.start..word.end])
            })
        });
        matches[i] = near.map(|at| Match { at, credit: TYPO });
    }
}

/// Whether two words differ by one letter put in, left out, changed or swapped with its neighbour,
/// or by two of eight letters or more.
fn alike(a: &str, b: &str) -> bool {
    let a: Vec<char> = fold(a).map(|folded| folded.ch).collect();
    let b: Vec<char> = fold(b).map(|folded| folded.ch).collect();
    let length = a.len().min(b.len());
    if length < 4 || a.len().abs_diff(b.len()) > 2 || a.len().max(b.len()) > 40 {
        return false;
    }
    distance(&a, &b) <= if length >= 8 { 2 } else { 1 }
}

/// Optimal string alignment distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

fn drop_strays(matches: &mut [Option<Match>]) {
    if matches.len() <= 2 {
        return;
    }
    let near = |i: usize, j: usize| match (matches.get(i), matches.get(j)) {
        (Some(Some(a)), Some(Some(b))) => b.at > a.at && b.at - a.at <= 3,
        _ => false,
    };
    let stray: Vec<bool> = (0..matches.len())
        .map(|i| {
            let after = near(i, i + 1) || near(i, i + 2);
            let before = (i >= 1 && near(i - 1, i)) || (i >= 2 && near(i - 2, i));
            !after && !before
        })
        .collect();
    for (found, stray) in matches.iter_mut().zip(stray) {
        if stray {
            *found = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::shingle::Words;

    fn shown(item: &str, text: &str) -> String {
        let words: Vec<_> = Words::new(text).collect();
        let item_words: Vec<_> = Words::new(item)
            .map(|w| ItemWord {
                hash: w.hash,
                start: w.start,
                end: w.end,
                kind: WordKind::Plain,
                weight: 1.0,
            })
            .collect();
        let matches = pair(&item_words, item, &words, text);
        matches
            .iter()
            .map(|found| match found {
                Some(found) if found.credit < 1.0 => '~',
                Some(_) => 'x',
                None => '.',
            })
            .collect()
    }

    #[test]
    fn changed_moved_and_mistyped_words_are_told_apart() {
        let item = "seven grey cranes crossed the frozen canal before noon";
        for (text, expected) in [
            ("seven grey cranes crossed the frozen canal before noon", "xxxxxxxxx"),
            ("so seven grey geese crossed the icy canal before noon today", "xx.xx.xxx"),
            ("before noon seven grey cranes crossed the frozen canal", "xxxxxxx.."),
            ("the frozen canal before seven grey cranes crossed", "xxxxxxxx."),
            ("seven grey crnaes crossed the forzen canal befor noon", "xx~xx~x~x"),
            ("a canal and a man and another thing and then noon", "........."),
            ("", "........."),
        ] {
            assert_eq!(shown(item, text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_quote_matches_whole(
            words in prop::collection::vec("[a-z]{1,6}", 3..40),
            before in "[a-z ]{0,40}",
        ) {
            let item = words.join(" ");
            let found = shown(&item, &format!("{before} {item} {before}"));
            prop_assert!(found.chars().all(|ch| ch == 'x'), "{}", found);
        }
    }
}
