//! Keeps the index of samples up with the journal.
//!
//! The index is derived: what it has is written in its note as a [`Watermark`], in the same commit as
//! the samples. Settled items are a prefix of their request's plan, so that a number for each request
//! says which samples are there, and requests that are over and indexed need none. [`follow`] runs
//! beside the service; every search takes in one batch itself first, so that what was settled just
//! now is found, and then says how many samples it did not see.
//!
//! [`follow`]: Catalogue::follow

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lehr_hygiene::search::{
    Change, SampleHits, SampleIndex, SampleQuery, SearchError, SettledSample,
};
use lehr_record::RequestId;
use lehr_store::{SampleFilter, SettledCount, Store, StoreError};
use serde::{Deserialize, Serialize};

/// The most samples that are taken in at a time: what a search may have to wait for.
const BATCH: u32 = 512;

/// Samples that are in memory at a time.
const PAGE: u32 = 32;

/// Requests that are looked at in one turn at the journal.
const REQUESTS: u32 = 1000;

/// Between two looks at the journal when nothing is to be done.
const PAUSE: Duration = Duration::from_secs(2);

/// Between two tries when the index or the journal fails.
const RETRY: Duration = Duration::from_secs(30);

/// Why samples could not be found or taken in.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The query is at fault, or the index failed.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The journal failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal has fewer samples of a request than it counts.
    #[error("the journal has no sample for item {item} of {request}, which it counts as settled")]
    Gap {
        /// The request.
        request: RequestId,
        /// The first item without a sample.
        item: u32,
    },
}

/// What a search gave.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// The hits.
    #[serde(flatten)]
    pub hits: SampleHits,
    /// Samples that are settled and not in the index yet: after a restart with a new index, for a
    /// while; 0 otherwise.
    pub behind: u64,
}

/// The samples of the journal, to be searched.
pub struct Catalogue {
    store: Arc<Store>,
    index: SampleIndex,
    mark: Mutex<Watermark>,
}

/// Which samples of the journal the index has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Watermark {
    /// All requests up to this number are over, and all their samples are in the index.
    done: u64,
    /// The name of that request: a journal in which it has another is another journal.
    last: Option<RequestId>,
    /// Later requests with samples in the index.
    open: BTreeMap<u64, Indexed>,
}

/// How many samples of a request the index has, from the first item on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Indexed {
    request: RequestId,
    samples: u32,
}

/// Samples to be taken in: those of `count` from item `from` on, up to item `to`.
struct Missing {
    count: SettledCount,
    from: u32,
    to: u32,
}

impl Catalogue {
    /// Opens the index in `dir`, or makes it anew when there is none for this journal.
    ///
    /// # Errors
    /// When the directory cannot be used or the journal fails.
    pub fn open(store: Arc<Store>, dir: &Path) -> Result<Self, CatalogueError> {
        let index = SampleIndex::open(dir)?;
        let note = index.note()?;
        let mark = note.as_deref().and_then(|note| serde_json::from_str(note).ok());
        let mark = match mark {
            Some(mark) if holds(&mark, &store)? => mark,
            // Nothing was ever added.
            _ if note.is_none() => Watermark::default(),
            _ => {
                tracing::warn!("the index of samples is not of this journal; it is made anew");
                let mark = Watermark::default();
                index.change(|change| {
                    change.clear()?;
                    note_of(&mark)
                })?;
                mark
            }
        };
        Ok(Self { store, index, mark: Mutex::new(mark) })
    }

    /// Takes in the next samples of the journal, at most 512, and says how many are still missing.
    ///
    /// # Errors
    /// When the journal or the index fails; the index is then as it was before.
    pub fn catch_up(&self) -> Result<u64, CatalogueError> {
        let mut mark = self.mark.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, missing, behind) = self.look(&mark)?;
        if !missing.is_empty() {
            self.index.change(|change| {
                missing.iter().try_for_each(|missing| self.take_in(change, missing))?;
                note_of(&next)
            })?;
        }
        *mark = next;
        Ok(behind)
    }

    /// Finds samples, those settled just now too, unless more than a batch is missing.
    ///
    /// # Errors
    /// [`SearchError::Query`] when the query is at fault; when the journal or the index fails.
    pub fn search(&self, query: &SampleQuery) -> Result<Found, CatalogueError> {
        let behind = self.catch_up()?;
        Ok(Found { hits: self.index.search(query)?, behind })
    }

    /// Takes in samples for as long as the service runs.
    pub async fn follow(self: Arc<Self>) {
        loop {
            let catalogue = Arc::clone(&self);
            match tokio::task::spawn_blocking(move || catalogue.catch_up()).await {
                Ok(Ok(0)) => tokio::time::sleep(PAUSE).await,
                // Others have a turn at the journal and the index in between.
                Ok(Ok(_)) => tokio::task::yield_now().await,
                Ok(Err(error)) => {
                    tracing::error!(%error, "samples cannot be taken into the index");
                    tokio::time::sleep(RETRY).await;
                }
                Err(error) => {
                    tracing::error!(%error, "the worker that indexes samples failed");
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    /// What the next batch is, where the watermark stands after it, and how many samples are missing
    /// then.
    fn look(&self, mark: &Watermark) -> Result<(Watermark, Vec<Missing>, u64), CatalogueError> {
        let mut next = mark.clone();
        let (mut missing, mut room, mut behind) = (Vec::new(), BATCH, 0);
        let (mut after, mut all_done) = (mark.done, true);
        loop {
            let counts = self.store.settled_counts(after, REQUESTS)?;
            let Some(last) = counts.last() else { break };
            after = last.number;
            for count in counts {
                let from = next.open.get(&count.number).map_or(0, |indexed| indexed.samples);
                let to = from + room.min(count.settled.saturating_sub(from));
                room -= to - from;
                behind += u64::from(count.settled - to);
                all_done &= count.ended && to == count.settled;
                if all_done {
                    next.open.remove(&count.number);
                    (next.done, next.last) = (count.number, Some(count.request.clone()));
                } else if to > 0 {
                    let indexed = Indexed { request: count.request.clone(), samples: to };
                    next.open.insert(count.number, indexed);
                }
                if to > from {
                    missing.push(Missing { count, from, to });
                }
            }
        }
        Ok((next, missing, behind))
    }

    fn take_in(&self, change: &mut Change<'_>, missing: &Missing) -> Result<(), CatalogueError> {
        let Missing { count, from, to } = missing;
        let mut item = *from;
        while item < *to {
            let filter = SampleFilter { after: item.checked_sub(1), ..SampleFilter::default() };
            let samples = self.store.samples(&count.request, &filter, PAGE.min(to - item))?;
            if samples.is_empty() {
                return Err(CatalogueError::Gap { request: count.request.clone(), item });
            }
            for sample in samples {
                item += 1;
                change.add(&SettledSample { sample, created_ms: count.created_ms })?;
            }
        }
        Ok(())
    }
}

/// Whether a watermark can be of this journal: the requests that it names are there and have as many
/// samples as it says.
fn holds(mark: &Watermark, store: &Store) -> Result<bool, StoreError> {
    let at = |number: u64| -> Result<Option<SettledCount>, StoreError> {
        let Some(before) = number.checked_sub(1) else { return Ok(None) };
        let found = store.settled_counts(before, 1)?.pop();
        Ok(found.filter(|count| count.number == number))
    };
    let last = at(mark.done)?.map(|count| count.request);
    if last != mark.last {
        return Ok(false);
    }
    for (number, indexed) in &mark.open {
        let fits = |count: SettledCount| {
            count.request == indexed.request && count.settled >= indexed.samples
        };
        if !at(*number)?.is_some_and(fits) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn note_of(mark: &Watermark) -> Result<String, CatalogueError> {
    Ok(serde_json::to_string(mark).map_err(StoreError::from)?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
