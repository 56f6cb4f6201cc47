//! Checkpoints on disk: Hugging Face directories in, Hugging Face directories out.
//!
//! A checkpoint directory has `config.json`, weights in safetensors, and the tokenizer's files.
//! Reading accepts what llama checkpoints in the wild look like (one file or shards; f32, bf16 or
//! f16; tied or not) and refuses, by one clear error, everything that it would have to guess at.
//! Writing makes a directory that appears whole or not at all.
//!
//! Weights are written in the format in which they came (f16 as bf16), so that a finished
//! checkpoint is as large as the one it started from. A checkpoint within a run also holds
//! `optimizer.safetensors` (Adam's moments and, where the weights were rounded, the f32 master
//! copy) and `trainer_state.json`; see [`state`].
//!
//! GGUF files of the llama architecture come in through [`gguf`].

mod carried;
mod config;
pub(crate) mod directory;
mod dtype;
mod error;
pub mod gguf;
mod gguf_header;
mod gguf_metadata;
mod gguf_tokenizer;
pub mod state;
mod weights;

use std::fs;
use std::path::Path;

pub use carried::Carried;
pub use config::HfConfig;
pub use dtype::Dtype;
pub use error::CheckpointError;
pub(crate) use weights::digest;

use crate::model::Params;

/// A model read from a Hugging Face directory.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Its configuration.
    pub config: HfConfig,
    /// Its weights, as `f32`.
    pub params: Params,
    /// Its other files.
    pub carried: Carried,
}

impl Checkpoint {
    /// Reads a directory.
    ///
    /// # Errors
    /// See [`HfConfig::read`]; a weight that is missing, unexpected, of the wrong shape or format; a
    /// file that cannot be read.
    pub fn read(directory: &Path) -> Result<Self, CheckpointError> {
        let config = HfConfig::read(directory)?;
        let params = weights::read(directory, &config.model)?;
        Ok(Self { config, params, carried: Carried::read(directory)? })
    }

    /// Writes the checkpoint as the directory `place`, weights in `dtype`.
    ///
    /// # Errors
    /// [`CheckpointError::Taken`] if `place` has content; what the file system reports.
    pub fn write(&self, place: &Path, dtype: Dtype) -> Result<(), CheckpointError> {
        directory::write_whole(place, |into| {
            write_model(into, &self.config, &self.params, dtype, &self.carried)
        })
    }
}

/// Writes configuration, weights in `dtype` and carried files into an existing empty directory.
///
/// # Errors
/// What the file system reports.
pub(crate) fn write_model(
    into: &Path,
    config: &HfConfig,
    params: &Params,
    dtype: Dtype,
    carried: &Carried,
) -> Result<(), CheckpointError> {
    write_json(&into.join("config.json"), &config.to_json(dtype))?;
    weights::write_file(
        &into.join(weights::SINGLE),
        dtype,
        params.iter().map(|p| (p.name.clone(), p.shape.as_slice(), p.values.as_slice())),
    )?;
    carried.write(into, config.model.max_positions)
}

/// Writes a value as indented JSON.
pub(crate) fn write_json(
    path: &Path,
    value: &impl serde::Serialize,
) -> Result<(), CheckpointError> {
    let text = serde_json::to_string_pretty(value).map_err(|error| {
        CheckpointError::format(path, format!("cannot be written as JSON: {error}"), "report this")
    })?;
    fs::write(path, text + "\n").map_err(CheckpointError::io("write", path))
}
