//! Some of the documents that were left out, for the manifest and the card.

use std::collections::BTreeMap;

use lehr_record::{Contamination, DropExample, FlagCount, OverlapKind};

use super::Document;

/// How many are kept of each dataset and reason.
const KEPT: usize = 3;

/// The most bytes of an excerpt.
const EXCERPT: usize = 400;

/// The first documents of each dataset and reason.
#[derive(Default)]
pub(crate) struct Examples {
    counts: BTreeMap<(String, &'static str), usize>,
    list: Vec<DropExample>,
    flagged: BTreeMap<(String, OverlapKind), u64>,
}

impl Examples {
    /// A document that overlaps with a benchmark, with the overlap that condemns it.
    pub fn contaminated(&mut self, document: &Document, found: Contamination) {
        let overlap = found.overlaps.into_iter().find(|overlap| overlap.condemns);
        if let Some(overlap) = &overlap {
            *self.flagged.entry((overlap.benchmark.clone(), overlap.kind)).or_default() += 1;
        }
        self.keep(document, "contaminated", || {
            let why = overlap.as_ref().map_or_else(String::new, |overlap| {
                format!("{} {}: {}", overlap.benchmark, overlap.item, overlap.reason)
            });
            let overlap = overlap.map(|mut overlap| {
                cut(&mut overlap.excerpt);
                cut(&mut overlap.benchmark_excerpt);
                overlap
            });
            DropExample { why, overlap, ..DropExample::default() }
        });
    }

    /// A document that was there before.
    pub fn duplicate(&mut self, document: &Document, text: &str) {
        let why = || "the words of an earlier document".to_owned();
        self.told(document, "duplicate", text, why);
    }

    /// A document whose own text shows why.
    pub fn told(
        &mut self,
        document: &Document,
        reason: &'static str,
        text: &str,
        why: impl FnOnce() -> String,
    ) {
        self.keep(document, reason, || DropExample {
            why: why(),
            excerpt: beginning(text).to_owned(),
            ..DropExample::default()
        });
    }

    /// Whether there are fewer of a dataset and reason than are kept.
    pub fn wants(&self, dataset: &str, reason: &'static str) -> bool {
        self.counts.get(&(dataset.to_owned(), reason)).is_none_or(|count| *count < KEPT)
    }

    fn keep(
        &mut self,
        document: &Document,
        reason: &'static str,
        example: impl FnOnce() -> DropExample,
    ) {
        let count = self.counts.entry((document.source.clone(), reason)).or_default();
        *count += 1;
        if *count <= KEPT {
            self.list.push(DropExample {
                dataset: document.source.clone(),
                id: document.id.clone(),
                reason: reason.to_owned(),
                ..example()
            });
        }
    }

    /// All that were kept, in the order of the documents, and how many documents each benchmark was
    /// found in.
    pub fn finish(self) -> (Vec<DropExample>, Vec<FlagCount>) {
        let flagged = self.flagged.into_iter().map(|((benchmark, kind), documents)| FlagCount {
            benchmark,
            kind,
            documents,
        });
        (self.list, flagged.collect())
    }
}

/// The first bytes of a text, up to a character border.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(EXCERPT)]
}

fn cut(text: &mut String) {
    if text.len() > EXCERPT {
        text.truncate(beginning(text).len());
        text.push('…');
    }
}
