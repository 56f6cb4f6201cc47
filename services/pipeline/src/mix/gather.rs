//! Reads every dataset of a recipe and leaves out what may not be mixed.
//!
//! One thread reads; all cores look at the documents, a batch at a time; what is decided about them
//! is decided in their order, so that it does not depend on the number of threads.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use lehr_hygiene::{Duplicate, HygieneError, RegistryView, Sketch, fingerprint};
use lehr_record::{
    Contamination, DatasetCount, Decontamination, DropExample, FlagCount, MixRecipe, MixSource,
    RecipeDataset,
};
use lehr_store::Store;
use rayon::prelude::*;

use super::evidence::Examples;
use super::near::NearDuplicates;
use super::source::{Found, read};
use super::spool::{Place, Shelf, Spool};
use super::{Document, wrote};
use crate::MixError;

/// The most documents of a mix, read or written: some 100 bytes of memory each.
const MOST_DOCUMENTS: usize = 20_000_000;

/// What a batch has at least, as documents or as bytes of text: enough work for all cores.
const BATCH: (usize, u64) = (2048, 8 << 20);

/// The documents that may be mixed, and what became of the others.
pub(crate) struct Gathered {
    pub shelf: Shelf,
    /// Their places, dataset by dataset.
    pub places: Vec<Vec<Place>>,
    pub counts: Vec<DatasetCount>,
    pub sources: Vec<MixSource>,
    pub examples: Vec<DropExample>,
    pub flagged: Vec<FlagCount>,
}

/// Reads every dataset; what is kept waits in a nameless file in the directory `into`, where other
/// mixes are too.
pub(crate) fn gather(
    store: &Store,
    benchmarks: &RegistryView,
    recipe: &MixRecipe,
    into: &Path,
) -> Result<Gathered, MixError> {
    let mut sieve = Sieve {
        benchmarks,
        recipe,
        into,
        spool: Spool::new(into).map_err(|e| wrote(into, &e))?,
        seen: HashSet::new(),
        near: NearDuplicates::wanted(recipe, into)?,
        sources: Vec::new(),
        examples: Examples::default(),
    };
    let (mut places, mut counts) = (Vec::new(), Vec::new());
    for ((at, dataset), share_asked) in recipe.datasets.iter().enumerate().zip(recipe.shares()) {
        let (sender, receiver) = sync_channel(1);
        let sifted = std::thread::scope(|scope| {
            let reader = scope.spawn(move || send_batches(store, into, dataset, sender));
            let sifted = sieve.sift(dataset, at as u16, receiver);
            let died = || MixError::Worker("the reader of a dataset ended by a panic".into());
            let read = reader.join().unwrap_or_else(|_| Err(died()));
            // Where the sieve failed the reader was stopped by that.
            sifted.and_then(|sifted| read.map(|()| sifted))
        });
        let (kept, mut count) = sifted?;
        count.share_asked = share_asked;
        places.push(kept);
        counts.push(count);
    }
    let Sieve { spool, near, sources, mut examples, .. } = sieve;
    let shelf = spool.finish().map_err(|e| wrote(into, &e))?;
    if let Some(near) = near {
        let duplicates = near.decide()?;
        drop_near(&duplicates, &shelf, &mut places, &mut counts, &mut examples)
            .map_err(|e| wrote(into, &e))?;
    }
    let (examples, flagged) = examples.finish();
    Ok(Gathered { shelf, places, counts, sources, examples, flagged })
}

/// Takes near duplicates out of the places, which are numbered through all datasets.
fn drop_near(
    duplicates: &HashMap<u64, Duplicate>,
    shelf: &Shelf,
    places: &mut [Vec<Place>],
    counts: &mut [DatasetCount],
    examples: &mut Examples,
) -> io::Result<()> {
    let ends: Vec<u64> = places
        .iter()
        .scan(0, |end, places| {
            *end += places.len() as u64;
            Some(*end)
        })
        .collect();
    let read = |places: &[Vec<Place>], number: u64| {
        let dataset = ends.partition_point(|end| *end <= number);
        let start = ends[dataset] - places[dataset].len() as u64;
        shelf.read(places[dataset][(number - start) as usize])
    };
    let mut numbers: Vec<u64> = duplicates.keys().copied().collect();
    numbers.sort_unstable();
    for number in numbers {
        let Duplicate { of, jaccard, .. } = duplicates[&number];
        let dataset = ends.partition_point(|end| *end <= number);
        counts[dataset].dropped.near_duplicate += 1;
        if examples.wants(&counts[dataset].name, "near_duplicate") {
            let (document, other) = (read(places, number)?, read(places, of)?);
            examples.told(&document, "near_duplicate", &document.text(), || {
                format!("Jaccard similarity {jaccard:.2} with {} of {}", other.id, other.source)
            });
        }
    }
    let mut number = 0;
    for documents in places {
        documents.retain(|_| {
            number += 1;
            !duplicates.contains_key(&(number - 1))
        });
    }
    Ok(())
}

fn send_batches(
    store: &Store,
    mixes: &Path,
    dataset: &RecipeDataset,
    sender: SyncSender<Vec<Found>>,
) -> Result<(), MixError> {
    let stopped = |_| MixError::Worker("the reading of a dataset was stopped".into());
    let (mut batch, mut bytes) = (Vec::new(), 0);
    read(store, mixes, dataset, |found| {
        if let Found::Document(document) = &found {
            bytes += document.bytes();
        }
        batch.push(found);
        if batch.len() >= BATCH.0 || bytes >= BATCH.1 {
            bytes = 0;
            return sender.send(std::mem::take(&mut batch)).map_err(stopped);
        }
        Ok(())
    })?;
    sender.send(batch).map_err(stopped)
}

/// Decides about documents in their order.
struct Sieve<'a> {
    benchmarks: &'a RegistryView,
    recipe: &'a MixRecipe,
    into: &'a Path,
    spool: Spool,
    /// The fingerprints of all documents so far.
    seen: HashSet<u128>,
    near: Option<NearDuplicates>,
    sources: Vec<MixSource>,
    examples: Examples,
}

impl Sieve<'_> {
    /// Takes in a dataset; gives the places of what may be mixed.
    fn sift(
        &mut self,
        dataset: &RecipeDataset,
        number: u16,
        batches: Receiver<Vec<Found>>,
    ) -> Result<(Vec<Place>, DatasetCount), MixError> {
        let mut places = Vec::new();
        let mut count = DatasetCount { name: dataset.name.clone(), ..DatasetCount::default() };
        for batch in batches {
            let documents = self.listed(batch, &mut count);
            let documents = self.distinct(documents, &mut count);
            let near = self.near.is_some();
            let benchmarks = self.benchmarks;
            let checked: Vec<_> = documents
                .par_iter()
                .map(|(_, text)| {
                    let contamination = benchmarks.check(text)?;
                    Ok((contamination, near.then(|| Sketch::of(text))))
                })
                .collect::<Result<_, HygieneError>>()?;
            for ((document, _), (contamination, sketch)) in documents.iter().zip(checked) {
                if self.stays(document, contamination, &mut count) {
                    let place = self.spool.keep(document, number);
                    places.push(place.map_err(|e| wrote(self.into, &e))?);
                    if let (Some(near), Some(sketch)) = (&mut self.near, sketch) {
                        near.add(&sketch, 0.0)?;
                    }
                }
            }
            bounded(self.seen.len(), &dataset.name)?;
        }
        Ok((places, count))
    }

    /// The documents of a batch that are of the right kind and length.
    fn listed(&mut self, batch: Vec<Found>, count: &mut DatasetCount) -> Vec<Document> {
        let mut documents = Vec::new();
        for found in batch {
            match found {
                Found::Source(source) => self.sources.push(source),
                Found::OtherKind => {
                    count.available += 1;
                    count.dropped.other_kind += 1;
                }
                Found::Document(document) => {
                    count.available += 1;
                    match self.recipe.max_tokens {
                        Some(most) if document.tokens() > most => count.dropped.too_long += 1,
                        _ => documents.push(document),
                    }
                }
            }
        }
        documents
    }

    /// Those that were not there before, with their text.
    fn distinct(
        &mut self,
        documents: Vec<Document>,
        count: &mut DatasetCount,
    ) -> Vec<(Document, String)> {
        let texts: Vec<(u128, String)> = documents
            .par_iter()
            .map(|document| {
                let text = document.text();
                (fingerprint(&text).number(), text)
            })
            .collect();
        let mut distinct = Vec::new();
        for (document, (print, text)) in documents.into_iter().zip(texts) {
            if self.seen.insert(print) {
                distinct.push((document, text));
            } else {
                count.dropped.duplicate += 1;
                self.examples.duplicate(&document, &text);
            }
        }
        distinct
    }

    /// Whether a document may be mixed after what the benchmark check found.
    fn stays(
        &mut self,
        document: &Document,
        contamination: Contamination,
        count: &mut DatasetCount,
    ) -> bool {
        if !contamination.contaminated {
            return true;
        }
        self.examples.contaminated(document, contamination);
        match self.recipe.decontaminate {
            Decontamination::Drop => count.dropped.contaminated += 1,
            Decontamination::Report => count.reported += 1,
        }
        self.recipe.decontaminate == Decontamination::Report
    }
}

/// Refuses more documents than are kept in order at once.
pub(crate) fn bounded(documents: usize, dataset: &str) -> Result<(), MixError> {
    if documents > MOST_DOCUMENTS {
        return Err(MixError::TooMany { dataset: dataset.to_owned(), most: MOST_DOCUMENTS });
    }
    Ok(())
}
