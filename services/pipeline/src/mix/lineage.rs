//! Which mixes a recipe rests on, and whether it rests on itself.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use lehr_record::{DatasetSource, MixRecipe};
use serde::Deserialize;

use crate::MixError;

/// What is read of a mix's `mix.json`; the file has more.
#[derive(Deserialize)]
struct Manifest {
    /// Other programs may write mixes without it.
    recipe: Option<MixRecipe>,
}

/// Refuses a recipe for a mix of the directory `mixes` that refers to the mix itself, directly or
/// through the recipes of other mixes.
pub(crate) fn check_lineage(recipe: &MixRecipe, mixes: &Path) -> Result<(), MixError> {
    let target = real(&mixes.join(&recipe.name));
    let mut walk = Walk { mixes, target: &target, seen: HashSet::new() };
    match walk.cycle(recipe)? {
        Some(mut names) => {
            names.push(recipe.name.clone());
            names.reverse();
            Err(MixError::Cycle(names))
        }
        None => Ok(()),
    }
}

struct Walk<'a> {
    mixes: &'a Path,
    target: &'a Path,
    seen: HashSet<PathBuf>,
}

impl Walk<'_> {
    /// The names from the target back to the mix that a dataset of the recipe names, when there is
    /// such a way.
    fn cycle(&mut self, recipe: &MixRecipe) -> Result<Option<Vec<String>>, MixError> {
        for dataset in &recipe.datasets {
            let directory = match &dataset.source {
                DatasetSource::Request(_) => continue,
                DatasetSource::Mix(mix) => real(&self.mixes.join(mix)),
                DatasetSource::Path(path) => real(Path::new(path)),
            };
            let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if directory == self.target {
                return Ok(Some(vec![name]));
            }
            let manifest = directory.join("mix.json");
            if !self.seen.insert(directory) || !manifest.is_file() {
                continue;
            }
            let fault = |reason: String| MixError::Source {
                dataset: dataset.name.clone(),
                place: manifest.display().to_string(),
                reason,
            };
            let json = std::fs::read(&manifest).map_err(|e| fault(e.to_string()))?;
            let Manifest { recipe } =
                serde_json::from_slice(&json).map_err(|e| fault(e.to_string()))?;
            if let Some(recipe) = recipe
                && let Some(mut names) = self.cycle(&recipe)?
            {
                names.push(name);
                return Ok(Some(names));
            }
        }
        Ok(None)
    }
}

/// The path without links and dots, also where its last part is not there.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            parent.canonicalize().unwrap_or_else(|_| parent.to_owned()).join(name)
        }
        _ => path.to_owned(),
    })
}
