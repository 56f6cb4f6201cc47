//! What came of packing: tokens a dataset, padding, documents split and left out.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::draw::{Draw, tokens_of};
use super::fit::Fit;
use super::{DataError, TokenStore};
use crate::files;

/// By how much the share of a dataset may differ from the one asked for without a warning.
const TOLERANCE: f64 = 0.01;
/// Most datasets that are listed; a mix has fewer, the `source` of other data may be anything.
const MOST_LISTED: usize = 1000;

/// What the documents of a run are, and what an epoch of them (the first one) takes: what
/// `packing.json` in the run directory holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PackingReport {
    /// Fingerprint of the tokenised data; see [`TokenStore::fingerprint`].
    pub data: String,
    /// Documents with tokens.
    pub documents: u64,
    /// Their tokens, the EOS of each included.
    pub tokens: u64,
    /// Documents that were dropped because they have no text.
    pub empty_documents: u64,
    /// Whether an epoch leaves out documents to hold the shares that the recipe asks for.
    pub leaves_out: bool,
    /// The datasets, those with the most tokens first; at most 1,000.
    pub datasets: Vec<DatasetTokens>,
    /// What becomes of an epoch at each context.
    pub contexts: Vec<ContextPacking>,
    /// What one should know before training, in words.
    pub warnings: Vec<String>,
}

/// What a dataset gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetTokens {
    /// Its name.
    pub name: String,
    /// Documents with tokens.
    pub documents: u64,
    /// Their tokens.
    pub tokens: u64,
    /// Documents that an epoch takes.
    pub drawn_documents: u64,
    /// Their tokens.
    pub drawn_tokens: u64,
    /// The share of an epoch's tokens that the recipe asks for, from 0 to 1; null without a recipe.
    pub share_asked: Option<f64>,
    /// The share that it has of an epoch's tokens.
    pub share_reached: f64,
}

/// What becomes of an epoch at one context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContextPacking {
    /// Length of a row in tokens.
    pub context: usize,
    /// Rows.
    pub rows: u64,
    /// Documents in them.
    pub documents: u64,
    /// Their tokens.
    pub tokens: u64,
    /// Places in the rows that no document fits into.
    pub padding: u64,
    /// Tokens by places in the rows, from 0 to 1.
    pub efficiency: f64,
    /// Documents that are longer than a row and so were split.
    pub split_documents: u64,
    /// Pieces that these were split into.
    pub split_pieces: u64,
}

impl PackingReport {
    /// Packs the first epoch of a run at each of its contexts, and counts.
    pub fn new(
        store: &TokenStore,
        shares: &[(String, f64)],
        draw: &Draw,
        seed: u64,
        contexts: &[usize],
    ) -> Self {
        let drawn = draw.documents(store, seed, 0);
        let mut distinct: Vec<usize> = contexts.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let total: u64 = drawn.iter().map(|piece| u64::from(piece.length)).sum();
        let contexts = distinct
            .into_iter()
            .map(|context| {
                let fit = Fit::new(&drawn, context, seed, 0);
                let long = drawn.iter().filter(|piece| piece.length as usize > context).count();
                let places = fit.rows() as u64 * context as u64;
                ContextPacking {
                    context,
                    rows: fit.rows() as u64,
                    documents: drawn.len() as u64,
                    tokens: total,
                    padding: places - total,
                    efficiency: total as f64 / places as f64,
                    split_documents: long as u64,
                    split_pieces: (fit.pieces() - (drawn.len() - long)) as u64,
                }
            })
            .collect();
        let mut datasets: Vec<_> = store
            .datasets()
            .iter()
            .zip(tokens_of(store))
            .map(|(name, tokens)| DatasetTokens {
                name: name.clone(),
                documents: 0,
                tokens,
                drawn_documents: 0,
                drawn_tokens: 0,
                share_asked: shares.iter().find(|(other, _)| other == name).map(|&(_, s)| s),
                share_reached: 0.0,
            })
            .collect();
        for document in 0..store.documents() {
            datasets[store.dataset(document)].documents += 1;
        }
        for piece in &drawn {
            let dataset = &mut datasets[store.dataset(piece.document as usize)];
            dataset.drawn_documents += 1;
            dataset.drawn_tokens += u64::from(piece.length);
        }
        for dataset in &mut datasets {
            dataset.share_reached = dataset.drawn_tokens as f64 / total as f64;
        }
        for (name, share) in shares {
            if *share > 0.0 && datasets.iter().all(|dataset| dataset.name != *name) {
                datasets.push(absent(name, *share));
            }
        }
        datasets.sort_by(|a, b| b.tokens.cmp(&a.tokens).then_with(|| a.name.cmp(&b.name)));
        let warnings = datasets.iter().filter_map(deviation).collect();
        datasets.truncate(MOST_LISTED);
        Self {
            data: store.fingerprint().to_owned(),
            documents: store.documents() as u64,
            tokens: store.tokens(),
            empty_documents: store.empty_documents(),
            leaves_out: draw.leaves_out(),
            datasets,
            contexts,
            warnings,
        }
    }

    /// Writes the report, whole or not at all.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn write(&self, path: &Path) -> Result<(), DataError> {
        let text = serde_json::to_string_pretty(self).map_err(|error| {
            DataError::format(path, format!("cannot be written ({error})"), "report this")
        })?;
        Ok(files::write_whole(path, text.as_bytes())?)
    }

    /// Reads a report; none if there is no whole one, since it can be made again.
    pub fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(path).ok()?;
        serde_json::from_str(&text).ok()
    }
}

/// A dataset of the recipe that gave nothing.
fn absent(name: &str, share: f64) -> DatasetTokens {
    DatasetTokens {
        name: name.to_owned(),
        documents: 0,
        tokens: 0,
        drawn_documents: 0,
        drawn_tokens: 0,
        share_asked: Some(share),
        share_reached: 0.0,
    }
}

/// What to say of a dataset whose share is off.
fn deviation(dataset: &DatasetTokens) -> Option<String> {
    let asked = dataset.share_asked?;
    let off = 100.0 * (dataset.share_reached - asked);
    (off.abs() > 100.0 * TOLERANCE).then(|| {
        format!(
            "dataset {:?} has {:.2}% of an epoch's tokens, {:.2} points {} than the {:.2}% that \
             the recipe asks for; give the mix more of the datasets that are below their share",
            dataset.name,
            100.0 * dataset.share_reached,
            off.abs(),
            if off > 0.0 { "more" } else { "less" },
            100.0 * asked,
        )
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::store::tests::store_of_datasets;
    use super::*;

    #[test]
    fn counts_and_warns() {
        let document = |length: usize| vec![1; length];
        let (home, store) = store_of_datasets(&[vec![
            (document(25), "a"),
            (document(5), "a"),
            (document(0), "a"),
            (document(8), "b"),
        ]]);
        let shares = [("a".to_owned(), 0.5), ("b".to_owned(), 0.3), ("c".to_owned(), 0.2)];
        let draw = Draw::new(&store, &shares);
        let report = PackingReport::new(&store, &shares, &draw, 1, &[10, 10, 100]);
        assert_eq!((report.documents, report.tokens, report.empty_documents), (3, 38, 1));
        assert!(!report.leaves_out, "half of it would have to go");
        let names: Vec<_> = report
            .datasets
            .iter()
            .map(|d| (d.name.as_str(), d.documents, d.tokens, d.drawn_tokens))
            .collect();
        assert_eq!(names, [("a", 2, 30, 30), ("b", 1, 8, 8), ("c", 0, 0, 0)]);
        assert_eq!(report.warnings.len(), 3, "{:?}", report.warnings);
        assert!(report.warnings[2].contains("\"c\" has 0.00%"), "{:?}", report.warnings);
        // 25 is 10, 10 and 5; the two fives share a row; 8 is alone.
        let ContextPacking { context, rows, padding, split_documents, split_pieces, .. } =
            report.contexts[0];
        assert_eq!((context, rows, padding, split_documents, split_pieces), (10, 4, 2, 1, 3));
        assert_eq!((report.contexts[1].rows, report.contexts[1].split_pieces), (1, 0));
        let path = home.path().join("packing.json");
        report.write(&path).unwrap();
        assert_eq!(PackingReport::read(&path).unwrap(), report);
    }
}
