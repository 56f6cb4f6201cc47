//! One registered program against one place of a text.
//!
//! The tokens that both have in the same order are found first as if all names were alike. Then each
//! name of the one is given a name of the other, the pair that meets most often first, one to one;
//! the tokens are compared once more, and names count only where they keep to that. Renaming
//! variables changes nothing; another program of the same shape has names that do not agree.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::index::{CodeIndex, RUN, runs};
use super::lexer::{CodeToken, TokenKind};

/// What a comparison has shown.
#[derive(Clone, Debug)]
pub struct Likeness {
    /// The weighted share of the program that the text has, from 0 to 1.
    pub score: f64,
    /// How many names were matched, and how many of these are written otherwise.
    pub names: (usize, usize),
    /// How many literals were matched, and how many of these are written otherwise.
    pub literals: (usize, usize),
    /// The pairs of tokens, of the program and of the text, ascending.
    pub pairs: Vec<(usize, usize)>,
}

/// Compares a program with a stretch of a text's tokens.
pub fn compare(index: &CodeIndex, program: &[CodeToken], text: &[CodeToken]) -> Likeness {
    let weights = weigh(index, program);
    let first = align(program, text, &weights, &|a, b| a.normal() == b.normal());
    let names = renaming(program, text, &first);
    let fits = |a: &CodeToken, b: &CodeToken| match a.kind {
        TokenKind::Name => b.kind == TokenKind::Name && names.get(&a.hash) == Some(&b.hash),
        _ => a.normal() == b.normal(),
    };
    let pairs = align(program, text, &weights, &fits);
    let (mut got, all) = (0.0, weights.iter().sum::<f64>());
    let mut counts = [(0, 0); 2];
    for &(a, b) in &pairs {
        let (kind, same) = (program[a].kind, program[a].hash == text[b].hash);
        let credit = match kind {
            TokenKind::Number | TokenKind::Text if !same => 0.4,
            _ => 1.0,
        };
        got += weights[a] * credit;
        let count = match kind {
            TokenKind::Name => &mut counts[0],
            TokenKind::Number | TokenKind::Text => &mut counts[1],
            TokenKind::Fixed => continue,
        };
        count.0 += 1;
        count.1 += usize::from(!same);
    }
    let score = if all > 0.0 { got / all } else { 0.0 };
    Likeness { score, names: counts[0], literals: counts[1], pairs }
}

/// Each token weighs as much as the rarest run that holds it; brackets and commas, half.
fn weigh(index: &CodeIndex, program: &[CodeToken]) -> Vec<f64> {
    let mut weights = vec![0.2f64; program.len()];
    for (at, run) in runs(program).enumerate() {
        let rarity = index.rarity(run);
        weights[at..at + RUN].iter_mut().for_each(|weight| *weight = weight.max(rarity));
    }
    for (weight, token) in weights.iter_mut().zip(program) {
        if token.kind == TokenKind::Fixed && token.end - token.start == 1 {
            *weight *= 0.5;
        }
    }
    weights
}

/// The heaviest common subsequence of tokens that fit (Wagner and Fischer 1974).
fn align(
    program: &[CodeToken],
    text: &[CodeToken],
    weights: &[f64],
    fits: &dyn Fn(&CodeToken, &CodeToken) -> bool,
) -> Vec<(usize, usize)> {
    let columns = text.len() + 1;
    let mut best = vec![0f32; (program.len() + 1) * columns];
    for i in (0..program.len()).rev() {
        for t in (0..text.len()).rev() {
            let at = i * columns + t;
            let skip = best[at + columns].max(best[at + 1]);
            best[at] = if fits(&program[i], &text[t]) {
                let row = i + 1 < program.len()
                    && t + 1 < text.len()
                    && fits(&program[i + 1], &text[t + 1]);
                skip.max(best[at + columns + 1] + weights[i] as f32 + if row { 0.1 } else { 0.0 })
            } else {
                skip
            };
        }
    }
    let (mut i, mut t) = (0, 0);
    let mut pairs = Vec::new();
    while i < program.len() && t < text.len() {
        let at = i * columns + t;
        if best[at] == best[at + columns] {
            i += 1;
        } else if best[at] == best[at + 1] {
            t += 1;
        } else {
            pairs.push((i, t));
            i += 1;
            t += 1;
        }
    }
    pairs
}

/// Which name of the text each name of the program has become.
fn renaming(
    program: &[CodeToken],
    text: &[CodeToken],
    pairs: &[(usize, usize)],
) -> HashMap<u64, u64> {
    let mut counts: BTreeMap<(u64, u64), u32> = BTreeMap::new();
    for &(a, b) in pairs.iter().filter(|(a, _)| program[*a].kind == TokenKind::Name) {
        *counts.entry((program[a].hash, text[b].hash)).or_insert(0) += 1;
    }
    let mut ranked: Vec<_> = counts.into_iter().collect();
    ranked.sort_by_key(|&((a, b), count)| (Reverse(count), a != b));
    let (mut names, mut taken) = (HashMap::new(), HashMap::new());
    for ((a, b), _) in ranked {
        if !names.contains_key(&a) && !taken.contains_key(&b) {
            names.insert(a, b);
            taken.insert(b, a);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::lexer::lex;
    use super::*;

    fn score(a: &str, b: &str) -> f64 {
        let (a, b) = (lex(a, 0..a.len()), lex(b, 0..b.len()));
        compare(&CodeIndex::default(), &a, &b).score
    }

    #[test]
    fn names_may_change_if_they_agree() {
        let program = "def f(xs, n):\n    total = 0\n    for x in xs:\n        if x > n:\n            total += x * n\n    return total";
        let renamed = "def g(values, least):\n    s = 0\n    for v in values:\n        if v > least:\n            s += v * least\n    return s";
        let mixed = "def g(values, least):\n    s = 0\n    for v in least:\n        if s > v:\n            least += values * s\n    return v";
        assert!(score(program, program) > 0.999);
        assert!(score(program, renamed) > 0.999);
        assert!(score(program, mixed) < 0.85, "{}", score(program, mixed));
        assert!(score(program, &renamed.replace("s = 0", "s = 5")) < 0.999);
    }
}
