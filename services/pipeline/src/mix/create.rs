use std::path::{Path, PathBuf};
use std::sync::Arc;

use lehr_hygiene::RegistryView;
use lehr_record::{BenchmarkInfo, MixManifest, MixRecipe};
use lehr_store::MixRow;

use super::build::{ASIDE, build_mix};
use super::lineage::check_lineage;
use crate::{MixError, Workshop, now_ms};

/// What became of a wish to make a mix.
#[derive(Clone, Debug)]
pub enum MadeMix {
    /// It is new.
    New(MixRow),
    /// A mix of the same recipe, checked against the same benchmarks, was there.
    Before(MixRow),
}

/// Makes a mix in the directory `into/NAME`, or gives the one that is there. One mix is made at a
/// time.
///
/// # Errors
/// [`MixError`]; nothing is left behind.
pub async fn create_mix(
    workshop: &Arc<Workshop>,
    recipe: MixRecipe,
    into: PathBuf,
) -> Result<MadeMix, MixError> {
    let alone = Arc::clone(&workshop.mixing).lock_owned().await;
    let shared = Arc::clone(workshop);
    let made = workshop.on_core(move || {
        let _alone = alone;
        create(&shared, &recipe, &into)
    });
    made.await.map_err(|died| MixError::Worker(died.to_string()))?
}

fn create(workshop: &Workshop, recipe: &MixRecipe, into: &Path) -> Result<MadeMix, MixError> {
    recipe.check()?;
    check_lineage(recipe, into)?;
    let (benchmarks, registered) = state(workshop)?;
    let directory = into.join(&recipe.name);
    let place = directory.to_string_lossy().into_owned();
    if directory.exists() {
        let there = manifest(&directory).filter(|there| there.recipe == *recipe);
        let there = there.ok_or(MixError::Exists(directory))?;
        let built = (there.index_version.clone(), there.rules.clone());
        let now = (benchmarks.version().clone(), benchmarks.rules().clone());
        if built != now {
            return Err(MixError::Outdated { name: there.name, built, now });
        }
        let known = workshop.store().mix(&recipe.name)?;
        return Ok(MadeMix::Before(match known {
            Some(row) if row.manifest == there && row.directory == place => row,
            // The last process ended between the directory and the journal.
            _ => workshop.store().keep_mix(&there, &place, now_ms())?,
        }));
    }
    sweep(into);
    let built = build_mix(workshop.store(), &benchmarks, registered, recipe, into);
    let manifest = built.inspect_err(|_| {
        // Made for the first mix, which there is not. It goes only when it is empty.
        let _ = std::fs::remove_dir(into);
    })?;
    Ok(MadeMix::New(workshop.store().keep_mix(&manifest, &place, now_ms())?))
}

/// One state of the registry, with the benchmarks in it.
pub(crate) fn state(workshop: &Workshop) -> Result<(RegistryView, Vec<BenchmarkInfo>), MixError> {
    let registry = workshop.registry();
    loop {
        let view = registry.view()?;
        let registered = registry.list()?;
        // Unless one was added between the two.
        if registry.version()? == *view.version() {
            return Ok((view, registered));
        }
    }
}

/// The manifest of a directory, if it is a mix.
fn manifest(directory: &Path) -> Option<MixManifest> {
    let json = std::fs::read(directory.join("mix.json")).ok()?;
    serde_json::from_slice(&json).ok()
}

/// Removes what processes that were killed have left half-written.
fn sweep(into: &Path) {
    let Ok(entries) = into.read_dir() else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(ASIDE)
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::warn!(path = %entry.path().display(), %error, "a half-written mix stays");
        }
    }
}
