//! Mixes: the recipe that people write, and the manifest of what was made of it.

mod dataset;
mod difficulty;
mod manifest;
mod recipe;
mod settings;

pub use dataset::{DatasetSource, RecipeDataset};
pub use difficulty::Difficulties;
pub use manifest::{
    DatasetCount, DropExample, Drops, FlagCount, LongCount, MixFile, MixManifest, MixSource,
    MixTarget,
};
pub use recipe::MixRecipe;
pub use settings::{Decontamination, MixDedup, MixOrder, MixQuality, OnShortfall};
