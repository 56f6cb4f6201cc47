//! Checking a text against the registered benchmarks.
//!
//! Three ways to find an item, from the cheapest to the dearest: by its words ([`words`]), by its
//! program whatever the names in it ([`crate::code`]), and by its meaning. Each sees what the ones
//! before it found.

use std::cmp::Reverse;

use lehr_record::{Contamination, Digest, Overlap};

use crate::code;
use crate::snapshot::Snapshot;
use crate::{HygieneError, Rules, Subject, paraphrase};

mod answer;
mod borders;
mod compare;
mod family;
mod item;
mod pairing;
mod scan;
mod verdict;
mod words;

/// Checks a text against one state of the registry.
pub(crate) fn check(
    snapshot: &Snapshot,
    rules: &Rules,
    digest: &Digest,
    subject: Subject<'_>,
) -> Result<Contamination, HygieneError> {
    let mut overlaps = words::check(snapshot, rules, subject)?;
    overlaps.extend(code::check(snapshot, rules, subject)?);
    overlaps.extend(paraphrase::check(snapshot, rules, subject, &overlaps)?);
    overlaps.sort_by_cached_key(rank);
    overlaps.truncate(rules.criteria.overlaps);
    Ok(Contamination {
        contaminated: overlaps.iter().any(|overlap| overlap.condemns),
        overlaps,
        index_version: snapshot.version.clone(),
        rules: digest.clone(),
    })
}

/// Sorts those that condemn first, then higher scores, then cheaper evidence first.
fn rank(overlap: &Overlap) -> impl Ord + use<> {
    // Scores are in [0, 1], where the order of floats is that of their bits.
    let score = Reverse(overlap.score.to_bits());
    (!overlap.condemns, score, overlap.kind, overlap.benchmark.clone(), overlap.item.clone())
}

#[cfg(test)]
mod tests;
