use std::collections::HashMap;

use super::shelf::{Entry, Shelf};
use super::sketch::BANDS;
use super::{DedupCriteria, Duplicate, jaccard};
use crate::HygieneError;

/// With how many members of each cluster that is already in a band's group a further document is compared:
/// members are alike, so one that is like none of these is like none of the others but by chance.
const COMPARED: usize = 4;

/// See [`super::Deduplicator::decide`].
pub(crate) fn decide(
    shelf: &Shelf,
    criteria: &DedupCriteria,
) -> Result<Vec<Duplicate>, HygieneError> {
    let mut entries: Vec<(usize, Entry)> = shelf.entries()?.into_iter().enumerate().collect();
    // By number, so that the order in which they came does not matter.
    entries.sort_unstable_by_key(|(_, entry)| entry.id);
    let (came, entries): (Vec<usize>, Vec<Entry>) = entries.into_iter().unzip();
    let mut clusters = Clusters::new(entries.len());

    let mut exact: Vec<(u128, u32)> =
        entries.iter().zip(0..).map(|(entry, at)| (entry.exact, at)).collect();
    exact.sort_unstable();
    for pair in exact.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        clusters.join(pair[0].1, pair[1].1);
    }
    drop(exact);

    if criteria.threshold < 1.0 {
        for band in 0..BANDS {
            let values = shelf.band(band)?;
            let mut keyed: Vec<(u64, u32)> = (0u32..)
                .zip(&entries)
                .filter(|(_, entry)| entry.shingles > 0)
                .map(|(at, _)| (values[came[at as usize]], at))
                .collect();
            drop(values);
            keyed.sort_unstable();
            for group in keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
                let members: Vec<u32> = group.iter().map(|(_, at)| *at).collect();
                join_group(shelf, criteria, &entries, &members, &mut clusters)?;
            }
        }
    }
    choose(shelf, &entries, &mut clusters)
}

/// A document and its shingles.
type Member = (u32, Vec<u32>);

/// Joins those of a group that are truly alike. `members` are in the order of their numbers.
fn join_group(
    shelf: &Shelf,
    criteria: &DedupCriteria,
    entries: &[Entry],
    members: &[u32],
    clusters: &mut Clusters,
) -> Result<(), HygieneError> {
    let mut known: Vec<(u32, Vec<Member>)> = Vec::new();
    for &member in members {
        let root = clusters.root(member);
        if let Some((_, sets)) = known.iter().find(|(of, _)| clusters.root(*of) == root)
            && sets.len() >= COMPARED
        {
            continue;
        }
        let entry = &entries[member as usize];
        let set = shelf.set(entry)?;
        for (_, sets) in &known {
            for (other, other_set) in sets {
                let other_entry = &entries[*other as usize];
                if clusters.root(*other) != clusters.root(member)
                    && comparable(criteria, entry, other_entry)
                    && jaccard(&set, other_set) >= criteria.threshold
                {
                    clusters.join(*other, member);
                }
            }
        }
        let root = clusters.root(member);
        match known.iter_mut().find(|(of, _)| clusters.root(*of) == root) {
            Some((_, sets)) if sets.len() < COMPARED => sets.push((member, set)),
            Some(_) => {}
            None => known.push((member, vec![(member, set)])),
        }
    }
    Ok(())
}

/// Whether two texts could reach the threshold at all.
fn comparable(criteria: &DedupCriteria, a: &Entry, b: &Entry) -> bool {
    let (least, most) = (a.shingles.min(b.shingles), a.shingles.max(b.shingles));
    (!criteria.numbers_matter || a.numbers == b.numbers)
        && f64::from(least) >= criteria.threshold * f64::from(most)
}

/// Keeps the best of each cluster.
fn choose(
    shelf: &Shelf,
    entries: &[Entry],
    clusters: &mut Clusters,
) -> Result<Vec<Duplicate>, HygieneError> {
    let mut best: HashMap<u32, u32> = HashMap::new();
    let mut linked = Vec::new();
    for at in 0..entries.len() as u32 {
        let root = clusters.root(at);
        if clusters.size[root as usize] == 1 {
            continue;
        }
        linked.push(at);
        let kept = best.entry(root).or_insert(at);
        // Entries are in the order of their numbers: of equals the first stays.
        if entries[at as usize].quality > entries[*kept as usize].quality {
            *kept = at;
        }
    }
    let mut duplicates = Vec::new();
    for at in linked {
        let kept = best[&clusters.root(at)];
        if kept == at {
            continue;
        }
        let (entry, kept) = (&entries[at as usize], &entries[kept as usize]);
        let exact = entry.exact == kept.exact;
        let jaccard = if exact { 1.0 } else { jaccard(&shelf.set(entry)?, &shelf.set(kept)?) };
        duplicates.push(Duplicate { id: entry.id, of: kept.id, jaccard, exact });
    }
    Ok(duplicates)
}

/// Sets that can be joined (Tarjan 1975), with path halving and union by size.
struct Clusters {
    parent: Vec<u32>,
    size: Vec<u32>,
}

impl Clusters {
    fn new(count: usize) -> Self {
        Self { parent: (0..count as u32).collect(), size: vec![1; count] }
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (large, small) =
            if self.size[a as usize] >= self.size[b as usize] { (a, b) } else { (b, a) };
        self.parent[small as usize] = large;
        self.size[large as usize] += self.size[small as usize];
    }
}
