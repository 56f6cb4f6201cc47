use std::fs::File;
use std::io;
use std::io::Write;
use std::path::Path;

use lehr_hygiene::RegistryView;
use lehr_record::{
    BenchmarkInfo, DatasetCount, Difficulties, Digest, LongCount, MixFile, MixManifest, MixRecipe,
    MixTarget,
};
use lehr_store::Store;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::draw::{draw, stretch};
use super::gather::{Gathered, gather};
use super::order::arrange;
use super::spool::{Place, Shelf};
use super::{card, table, wrote};
use crate::MixError;

/// Documents of one Parquet file.
const FILE_ROWS: usize = 100_000;

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
    registered: Vec<BenchmarkInfo>,
    recipe: &MixRecipe,
    into: &Path,
) -> Result<MixManifest, MixError> {
    std::fs::create_dir_all(into).map_err(|e| wrote(into, &e))?;
    let mut rng = ChaCha8Rng::seed_from_u64(recipe.seed);
    let Gathered { shelf, mut places, mut counts, sources, examples, flagged } =
        gather(store, benchmarks, recipe, into)?;
    let mut heldout = Vec::new();
    for ((documents, count), dataset) in places.iter_mut().zip(&mut counts).zip(&recipe.datasets) {
        if dataset.difficulty.is_some() {
            stretch(documents);
        }
        documents.shuffle(&mut rng);
        // At least one document apart where that is asked for, and at least one to train on.
        let share = (documents.len() as f64 * recipe.heldout).ceil() as usize;
        let apart = share.min(documents.len().saturating_sub(1));
        count.heldout = apart as u64;
        heldout.extend(documents.drain(..apart));
        count.usable = documents.len() as u64;
        count.usable_tokens = documents.iter().map(|place| u64::from(place.tokens)).sum();
    }
    let (mut training, aimed) = draw(&places, &mut counts, recipe)?;
    if training.is_empty() {
        return Err(MixError::Empty(recipe.name.clone()));
    }
    let phase = |place: &Place| recipe.datasets[usize::from(place.dataset)].phase;
    arrange(&mut training, recipe.order, phase, &mut rng);

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
        rules: benchmarks.rules().clone(),
        benchmarks: registered,
        targets: targets(recipe, aimed),
        long: long_count(recipe, &counts),
        difficulty: difficulties(&training),
        recipe: recipe.clone(),
        counts,
        sources,
        examples,
        flagged,
        files,
        heldout,
    };
    let directory = into.join(&recipe.name);
    let card = card::html(&manifest)?;
    finish(aside.path(), &manifest, &card, &directory, into).map_err(|e| wrote(&directory, &e))?;
    // It has its name now.
    let _ = aside.keep();
    Ok(manifest)
}

/// What each dataset was asked for of `tokens` tokens; together exactly these.
fn targets(recipe: &MixRecipe, tokens: u64) -> Vec<MixTarget> {
    let (mut sum, mut given) = (0.0, 0);
    let target = |(name, share): (&String, f64)| {
        sum += share;
        let until = (tokens as f64 * sum).round() as u64;
        let target = MixTarget { name: name.clone(), tokens: until - given, share };
        given = until;
        target
    };
    recipe.datasets.iter().map(|dataset| &dataset.name).zip(recipe.shares()).map(target).collect()
}

fn long_count(recipe: &MixRecipe, counts: &[DatasetCount]) -> LongCount {
    let sum = |of: fn(&DatasetCount) -> u64| counts.iter().map(of).sum::<u64>() as f64;
    LongCount {
        from_tokens: recipe.long_tokens,
        share_asked: recipe.long_share,
        share_reached: sum(|count| count.long_tokens) / sum(|count| count.tokens).max(1.0),
    }
}

fn difficulties(training: &[Place]) -> Difficulties {
    let mut counts = Difficulties::default();
    for place in training {
        counts.count(Some(place.difficulty));
    }
    counts
}

/// Writes the manifest and the card of a directory aside and gives the directory its name, durably.
fn finish(
    aside: &Path,
    manifest: &MixManifest,
    card: &str,
    directory: &Path,
    into: &Path,
) -> io::Result<()> {
    let json = serde_json::to_vec_pretty(manifest)?;
    for (name, bytes) in [("card.html", card.as_bytes()), ("mix.json", json.as_slice())] {
        let mut file = File::create_new(aside.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
    }
    File::open(aside)?.sync_all()?;
    std::fs::rename(aside, directory)?;
    File::open(into)?.sync_all()
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
