//! Programs compared whatever their names, literals and comments.
//!
//! ```text
//! text ─► region ─► lexer ─► index: programs that share runs of tokens ─► compare, renaming
//! ```

mod compare;
mod index;
mod lexer;
mod region;

use std::collections::{HashMap, HashSet};

use lehr_record::{Overlap, OverlapKind, Span};

use crate::snapshot::{Snapshot, StoredText};
use crate::{HygieneError, Rules, Subject};

use compare::{Likeness, compare};
pub use index::CodeIndex;
use index::{body_of, program_of, runs, without_brackets};
use lexer::{CodeToken, lex};
use region::regions;

/// The programs that are compared with one place of a text.
const CANDIDATES: usize = 8;

/// The share of a program's runs without which it is not compared.
const SHARED_RUNS: f64 = 0.15;

/// The most tokens that are compared with each other.
const TOKENS: usize = 1500;

/// The registered programs that the text holds, in no particular order.
pub fn check(
    snapshot: &Snapshot,
    rules: &Rules,
    subject: Subject<'_>,
) -> Result<Vec<Overlap>, HygieneError> {
    let index = &snapshot.known()?.code;
    let mut found: HashMap<(String, String), Overlap> = HashMap::new();
    if index.is_empty() {
        return Ok(Vec::new());
    }
    for region in regions(subject.text) {
        let tokens = without_brackets(lex(subject.text, region));
        for (number, place) in candidates(index, &tokens) {
            let stored = snapshot.text_of(index.program(number).address)?;
            let program = program_of(&stored);
            let body = body_of(&program).len();
            let mut program = without_brackets(program);
            program.truncate(TOKENS);
            let from = place.saturating_sub(program.len() + program.len() / 4 + 8);
            let to = (place + program.len() + program.len() / 4 + 8).min(tokens.len());
            let window = &tokens[from..to];
            let likeness = compare(index, &program, window);
            let Some(overlap) =
                judge(rules, &stored, (&program, body), window, &likeness, subject.text)
            else {
                continue;
            };
            let key = (overlap.benchmark.clone(), overlap.item.clone());
            let better =
                |old: &Overlap| (overlap.condemns, overlap.score) > (old.condemns, old.score);
            if found.get(&key).is_none_or(better) {
                found.insert(key, overlap);
            }
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_by(|a, b| (&a.benchmark, &a.item).cmp(&(&b.benchmark, &b.item)));
    Ok(found)
}

/// The programs that share most with the tokens, each with the place of the middle of what they
/// share.
fn candidates(index: &CodeIndex, tokens: &[CodeToken]) -> Vec<(u32, usize)> {
    let mut shared: HashMap<u32, Vec<(usize, u64)>> = HashMap::new();
    for (at, run) in runs(tokens).enumerate() {
        for &number in index.with(run) {
            shared.entry(number).or_default().push((at, run));
        }
    }
    let mut ranked: Vec<_> = shared
        .into_iter()
        .filter_map(|(number, hits)| {
            let all = index.program(number).runs as usize;
            let (count, place) = densest(&hits, all + all / 2 + 16);
            let share = count as f64 / all.max(1) as f64;
            (share >= SHARED_RUNS).then_some((share, number, place))
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(CANDIDATES);
    ranked.into_iter().map(|(_, number, place)| (number, place)).collect()
}

/// The most different runs within `reach` tokens, and the middle of that stretch.
fn densest(hits: &[(usize, u64)], reach: usize) -> (usize, usize) {
    let mut present: HashMap<u64, u32> = HashMap::new();
    let (mut best, mut first) = ((0, 0), 0);
    for &(at, run) in hits {
        *present.entry(run).or_insert(0) += 1;
        while hits[first].0 + reach < at {
            if let Some(count) = present.get_mut(&hits[first].1) {
                *count -= 1;
                if *count == 0 {
                    present.remove(&hits[first].1);
                }
            }
            first += 1;
        }
        if present.len() > best.0 {
            best = (present.len(), (hits[first].0 + at) / 2);
        }
    }
    best
}

fn judge(
    rules: &Rules,
    stored: &StoredText,
    (program, body): (&[CodeToken], usize),
    window: &[CodeToken],
    likeness: &Likeness,
    text: &str,
) -> Option<Overlap> {
    let criteria = &rules.criteria;
    if likeness.score < criteria.code_reported {
        return None;
    }
    let needed = criteria.code_share_needed(body);
    let condemns = needed.is_some_and(|needed| likeness.score >= needed);
    let mut reason = format!(
        "{:.0}% of the program by weight; {} of {} names and {} of {} literals are others",
        likeness.score * 100.0,
        likeness.names.1,
        likeness.names.0,
        likeness.literals.1,
        likeness.literals.0,
    );
    match needed {
        None => reason.push_str("; too short a program to be anyone's own"),
        Some(needed) if !condemns => reason.push_str(&format!("; {:.0}% needed", needed * 100.0)),
        Some(_) => {}
    }
    let texts: HashSet<usize> = likeness.pairs.iter().map(|(_, t)| *t).collect();
    let mut texts: Vec<_> = texts.into_iter().collect();
    texts.sort_unstable();
    let spans = spans(&texts, window);
    let items: Vec<usize> = likeness.pairs.iter().map(|(i, _)| *i).collect();
    let item_spans = self::spans(&items, program);
    let (first, start, end) = (*spans.first()?, item_spans.first()?.start, item_spans.last()?.end);
    Some(Overlap {
        benchmark: stored.benchmark.clone(),
        item: stored.item.clone(),
        kind: OverlapKind::Code,
        condemns,
        reason,
        score: likeness.score.clamp(0.0, 1.0),
        excerpt: text[first.start..first.end].to_owned(),
        spans,
        item_spans,
        benchmark_excerpt: stored.text[start..end].to_owned(),
    })
}

/// The stretches of tokens in a row; a token or two between them belong to the stretch.
fn spans(tokens: &[usize], all: &[CodeToken]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut last = None;
    for &at in tokens {
        match spans.last_mut() {
            Some(span) if last.is_some_and(|last| at <= last + 3) => span.end = all[at].end,
            _ => spans.push(Span { start: all[at].start, end: all[at].end }),
        }
        last = Some(at);
    }
    spans
}

#[cfg(test)]
mod tests;
