use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;

use lehr_hygiene::{RegistryView, fingerprint};
use lehr_record::{DatasetCount, Digest, MixFile, MixManifest, MixRecipe};
use lehr_store::Store;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::draw::{Offer, budgets};
use super::spool::{Place, Shelf, Spool};
use super::{source, table};
use crate::MixError;

/// Documents of one Parquet file.
const FILE_ROWS: usize = 100_000;

/// The most documents of a mix, read or written: some 100 bytes of memory each.
const MOST_DOCUMENTS: usize = 20_000_000;

/// What the name of a directory begins with that is being written.
pub(crate) const ASIDE: &str = ".building-";

/// Builds a mix into the directory `into/NAME`, which must not exist, and gives its manifest.
///
/// The directory is written aside and renamed: it is whole, or it is not there.
///
/// # Errors
/// [`MixError`]; nothing is left behind.
pub(crate) fn build_mix(
    store: &Store,
    benchmarks: &RegistryView,
    recipe: &MixRecipe,
    into: &Path,
) -> Result<MixManifest, MixError> {
    std::fs::create_dir_all(into).map_err(|e| wrote(into, &e))?;
    let mut rng = ChaCha8Rng::seed_from_u64(recipe.seed);
    let Gathered { shelf, mut sources, mut counts } = gather(store, benchmarks, recipe, into)?;
    let mut heldout = Vec::new();
    for (documents, count) in sources.iter_mut().zip(&mut counts) {
        documents.shuffle(&mut rng);
        // At least one document apart where that is asked for, and at least one to train on.
        let share = (documents.len() as f64 * recipe.heldout).ceil() as usize;
        let apart = share.min(documents.len().saturating_sub(1));
        count.heldout = apart as u64;
        heldout.extend(documents.drain(..apart));
    }
    let mut training = draw(&sources, &mut counts, recipe)?;
    if training.is_empty() {
        return Err(MixError::Empty(recipe.name.clone()));
    }
    training.shuffle(&mut rng);

    let aside = tempfile::Builder::new()
        .prefix(&format!("{ASIDE}{}-", recipe.name))
        .tempdir_in(into)
        .map_err(|e| wrote(into, &e))?;
    let files = write_files(aside.path(), "part", &training, &shelf)?;
    let heldout = write_files(aside.path(), "heldout", &heldout, &shelf)?;
    let manifest = MixManifest {
        name: recipe.name.clone(),
        digest: Digest::of_json(&(recipe, &files, &heldout)),
        index_version: benchmarks.version().clone(),
        recipe: recipe.clone(),
        counts,
        files,
        heldout,
    };
    let directory = into.join(&recipe.name);
    finish(aside.path(), &manifest, &directory, into).map_err(|e| wrote(&directory, &e))?;
    // It has its name now.
    let _ = aside.keep();
    Ok(manifest)
}

/// Writes the manifest of a directory aside and gives the directory its name, durably.
fn finish(aside: &Path, manifest: &MixManifest, directory: &Path, into: &Path) -> io::Result<()> {
    let mut file = File::create_new(aside.join("mix.json"))?;
    file.write_all(&serde_json::to_vec_pretty(manifest)?)?;
    file.sync_all()?;
    File::open(aside)?.sync_all()?;
    std::fs::rename(aside, directory)?;
    File::open(into)?.sync_all()
}

fn wrote(path: &Path, error: &dyn ToString) -> MixError {
    MixError::Write { path: path.to_owned(), reason: error.to_string() }
}

/// The documents that may be mixed.
struct Gathered {
    shelf: Shelf,
    /// Their places, dataset by dataset.
    sources: Vec<Vec<Place>>,
    counts: Vec<DatasetCount>,
}

/// Reads every dataset, leaving out what may not be mixed.
fn gather(
    store: &Store,
    benchmarks: &RegistryView,
    recipe: &MixRecipe,
    into: &Path,
) -> Result<Gathered, MixError> {
    let mut spool = Spool::new(into).map_err(|e| wrote(into, &e))?;
    let weights: f64 = recipe.datasets.iter().map(|dataset| dataset.weight).sum();
    let mut seen = HashSet::new();
    let (mut sources, mut counts) = (Vec::new(), Vec::new());
    for dataset in &recipe.datasets {
        let mut places = Vec::new();
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
            if !seen.insert(fingerprint(&text).number()) {
                count.duplicates += 1;
            } else if benchmarks.check(&text)?.contaminated {
                count.contaminated += 1;
            } else {
                places.push(spool.keep(&document).map_err(|e| wrote(into, &e))?);
            }
            bounded(seen.len(), &dataset.name)
        })?;
        sources.push(places);
        counts.push(count);
    }
    Ok(Gathered { shelf: spool.finish().map_err(|e| wrote(into, &e))?, sources, counts })
}

fn bounded(documents: usize, dataset: &str) -> Result<(), MixError> {
    if documents > MOST_DOCUMENTS {
        return Err(MixError::TooMany { dataset: dataset.to_owned(), most: MOST_DOCUMENTS });
    }
    Ok(())
}

/// Takes documents of each dataset, from the front and over again, until its budget is met.
fn draw(
    sources: &[Vec<Place>],
    counts: &mut [DatasetCount],
    recipe: &MixRecipe,
) -> Result<Vec<Place>, MixError> {
    let offers: Vec<Offer> = sources
        .iter()
        .zip(&recipe.datasets)
        .map(|(places, dataset)| Offer {
            weight: dataset.weight,
            tokens: places.iter().map(|place| place.tokens).sum(),
            max_repeat: dataset.max_repeat,
        })
        .collect();
    let budgets = budgets(&offers, recipe.target_tokens);
    let mut training = Vec::new();
    // A dataset that gave nothing has a budget of 0.
    for ((places, count), budget) in sources.iter().zip(counts.iter_mut()).zip(budgets) {
        let mut again = places.iter().cycle();
        while count.tokens < budget
            && let Some(place) = again.next()
        {
            count.tokens += place.tokens;
            count.documents += 1;
            training.push(*place);
            bounded(training.len(), &count.name)?;
        }
    }
    let total: u64 = counts.iter().map(|count| count.tokens).sum();
    for count in counts {
        count.share_reached = count.tokens as f64 / total.max(1) as f64;
    }
    Ok(training)
}

fn write_files(
    directory: &Path,
    stem: &str,
    places: &[Place],
    shelf: &Shelf,
) -> Result<Vec<MixFile>, MixError> {
    let mut files = Vec::new();
    for (number, chunk) in places.chunks(FILE_ROWS).enumerate() {
        let name = format!("{stem}-{number:05}.parquet");
        let path = directory.join(&name);
        let sha256 = table::write(&path, chunk.iter().map(|place| shelf.read(*place)))
            .map_err(|e| wrote(&path, &e))?;
        files.push(MixFile { path: name, sha256, rows: chunk.len() as u64 });
    }
    Ok(files)
}
