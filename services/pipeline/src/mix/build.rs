use std::collections::HashSet;
use std::path::Path;

use lehr_hygiene::{BenchmarkRegistry, fingerprint};
use lehr_record::{DatasetCount, Digest, MixFile, MixManifest, MixRecipe};
use lehr_store::Store;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::draw::{Offer, budgets};
use super::{Document, source, table};
use crate::MixError;

/// Documents of one Parquet file.
const FILE_ROWS: usize = 100_000;

/// Builds a mix into the directory `into/NAME`, which must not exist, and gives its manifest.
///
/// The directory is written aside and renamed: it is whole, or it is not there.
///
/// # Errors
/// [`MixError`]; nothing is left behind.
pub fn build_mix(
    store: &Store,
    registry: &BenchmarkRegistry,
    recipe: &MixRecipe,
    into: &Path,
) -> Result<MixManifest, MixError> {
    recipe.check()?;
    let directory = into.join(&recipe.name);
    if directory.exists() {
        return Err(MixError::Exists(directory));
    }
    let mut rng = ChaCha8Rng::seed_from_u64(recipe.seed);
    let (mut sources, mut counts) = gather(store, registry, recipe)?;
    let mut heldout = Vec::new();
    for (documents, count) in sources.iter_mut().zip(&mut counts) {
        documents.shuffle(&mut rng);
        // At least one document apart where that is asked for, and at least one to train on.
        let share = (documents.len() as f64 * recipe.heldout).ceil() as usize;
        let apart = share.min(documents.len().saturating_sub(1));
        count.heldout = apart as u64;
        heldout.extend(documents.drain(..apart));
    }
    let mut training = draw(&sources, &mut counts, recipe);
    if training.is_empty() {
        return Err(MixError::Empty(recipe.name.clone()));
    }
    training.shuffle(&mut rng);

    let wrote = |path: &Path, e: &dyn ToString| MixError::Write {
        path: path.to_owned(),
        reason: e.to_string(),
    };
    std::fs::create_dir_all(into).map_err(|e| wrote(into, &e))?;
    let aside = tempfile::Builder::new()
        .prefix(&format!(".{}-", recipe.name))
        .tempdir_in(into)
        .map_err(|e| wrote(into, &e))?;
    let heldout: Vec<&Document> = heldout.iter().collect();
    let files = write_files(aside.path(), "part", &training)?;
    let heldout = write_files(aside.path(), "heldout", &heldout)?;
    let manifest = MixManifest {
        name: recipe.name.clone(),
        digest: Digest::of_json(&(recipe, &files, &heldout)),
        recipe: recipe.clone(),
        counts,
        files,
        heldout,
    };
    let path = aside.path().join("mix.json");
    let json = serde_json::to_vec_pretty(&manifest).map_err(|e| wrote(&path, &e))?;
    std::fs::write(&path, json).map_err(|e| wrote(&path, &e))?;
    let aside = aside.keep();
    std::fs::rename(&aside, &directory).map_err(|e| {
        // The error to tell of is that of the rename; the directory aside has a dot in front.
        let _ = std::fs::remove_dir_all(&aside);
        wrote(&directory, &e)
    })?;
    Ok(manifest)
}

/// Reads every dataset, leaving out what may not be mixed.
fn gather(
    store: &Store,
    registry: &BenchmarkRegistry,
    recipe: &MixRecipe,
) -> Result<(Vec<Vec<Document>>, Vec<DatasetCount>), MixError> {
    let weights: f64 = recipe.datasets.iter().map(|dataset| dataset.weight).sum();
    let mut seen = HashSet::new();
    let (mut sources, mut counts) = (Vec::new(), Vec::new());
    for dataset in &recipe.datasets {
        let mut documents = Vec::new();
        let mut count = DatasetCount {
            name: dataset.name.clone(),
            available: 0,
            duplicates: 0,
            contaminated: 0,
            documents: 0,
            heldout: 0,
            tokens: 0,
            share_asked: dataset.weight / weights,
            share_reached: 0.0,
        };
        source::read(store, dataset, |document| {
            count.available += 1;
            let text = document.text();
            if !seen.insert(fingerprint(&text)) {
                count.duplicates += 1;
            } else if registry.check(&text)?.contaminated {
                count.contaminated += 1;
            } else {
                documents.push(document);
            }
            Ok(())
        })?;
        sources.push(documents);
        counts.push(count);
    }
    Ok((sources, counts))
}

/// Takes documents of each dataset, from the front and over again, until its budget is met.
fn draw<'a>(
    sources: &'a [Vec<Document>],
    counts: &mut [DatasetCount],
    recipe: &MixRecipe,
) -> Vec<&'a Document> {
    let offers: Vec<Offer> = sources
        .iter()
        .zip(&recipe.datasets)
        .map(|(documents, dataset)| Offer {
            weight: dataset.weight,
            tokens: documents.iter().map(Document::tokens).sum(),
            max_repeat: dataset.max_repeat,
        })
        .collect();
    let budgets = budgets(&offers, recipe.target_tokens);
    let mut training = Vec::new();
    for (((documents, count), offer), budget) in
        sources.iter().zip(counts.iter_mut()).zip(&offers).zip(budgets)
    {
        for document in std::iter::repeat_n(documents, offer.max_repeat as usize).flatten() {
            if count.tokens >= budget {
                break;
            }
            count.tokens += document.tokens();
            count.documents += 1;
            training.push(document);
        }
    }
    let total: u64 = counts.iter().map(|count| count.tokens).sum();
    for count in counts {
        count.share_reached = count.tokens as f64 / total.max(1) as f64;
    }
    training
}

fn write_files(
    directory: &Path,
    stem: &str,
    documents: &[&Document],
) -> Result<Vec<MixFile>, MixError> {
    let mut files = Vec::new();
    for (number, chunk) in documents.chunks(FILE_ROWS).enumerate() {
        let name = format!("{stem}-{number:05}.parquet");
        let path = directory.join(&name);
        let failed =
            |e: &dyn ToString| MixError::Write { path: path.clone(), reason: e.to_string() };
        table::write(&path, chunk).map_err(|e| failed(&e))?;
        let bytes = std::fs::read(&path).map_err(|e| failed(&e))?;
        files.push(MixFile {
            path: name,
            sha256: Digest::of_bytes(&bytes),
            rows: chunk.len() as u64,
        });
    }
    Ok(files)
}
