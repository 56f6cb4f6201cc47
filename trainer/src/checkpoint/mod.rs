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

mod config;
pub(crate) mod directory;
mod dtype;
mod error;
pub mod gguf;
mod gguf_header;
mod gguf_tokenizer;
pub mod state;
mod weights;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

pub use config::HfConfig;
pub use dtype::Dtype;
pub use error::CheckpointError;

use crate::model::Params;

/// Files besides configuration and weights that belong to a checkpoint and are carried along.
const CARRIED: [&str; 9] = [
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "generation_config.json",
    "chat_template.jinja",
    "vocab.json",
    "merges.txt",
    "tokenizer.model",
];

/// A model read from a Hugging Face directory.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    /// Where it was read from; files to carry along are copied from there.
    pub directory: PathBuf,
    /// Its configuration.
    pub config: HfConfig,
    /// Its weights, as `f32`.
    pub params: Params,
}

impl Checkpoint {
    /// Reads configuration and weights of a directory.
    ///
    /// # Errors
    /// See [`HfConfig::read`]; a weight that is missing, unexpected, of the wrong shape or format.
    pub fn read(directory: &Path) -> Result<Self, CheckpointError> {
        let config = HfConfig::read(directory)?;
        let params = weights::read(directory, &config.model)?;
        Ok(Self { directory: directory.to_owned(), config, params })
    }

    /// Writes the checkpoint as the directory `place`, weights in `dtype`, with the files to carry
    /// along from where it was read.
    ///
    /// # Errors
    /// [`CheckpointError::Taken`] if `place` has content; what the file system reports.
    pub fn write(&self, place: &Path, dtype: Dtype) -> Result<(), CheckpointError> {
        directory::write_whole(place, |into| {
            write_model(into, &self.config, &self.params, dtype, &self.directory)
        })
    }
}

/// Writes configuration, weights in `dtype` and carried files into an existing empty directory.
///
/// `carried` is the directory of the checkpoint that this one descends from.
///
/// # Errors
/// What the file system reports.
pub(crate) fn write_model(
    into: &Path,
    config: &HfConfig,
    params: &Params,
    dtype: Dtype,
    carried: &Path,
) -> Result<(), CheckpointError> {
    write_json(&into.join("config.json"), &config.to_json(dtype))?;
    weights::write_file(
        &into.join(weights::SINGLE),
        dtype,
        params.iter().map(|p| (p.name.clone(), p.shape.as_slice(), p.values.as_slice())),
    )?;
    for name in CARRIED {
        let from = carried.join(name);
        if !from.exists() {
            continue;
        }
        let to = into.join(name);
        if name == "tokenizer_config.json" {
            carry_tokenizer_config(&from, &to, config.model.max_positions)?;
        } else {
            fs::copy(&from, &to).map_err(CheckpointError::io("copy", &from))?;
        }
    }
    Ok(())
}

/// Copies `tokenizer_config.json` with the model's new context as `model_max_length`, where it
/// declares one: a stale value would make readers cut documents off.
fn carry_tokenizer_config(from: &Path, to: &Path, context: usize) -> Result<(), CheckpointError> {
    let text = fs::read_to_string(from).map_err(CheckpointError::io("read", from))?;
    let mut config: Value = serde_json::from_str(&text).map_err(|error| {
        CheckpointError::format(from, format!("is not JSON: {error}"), "download it again")
    })?;
    if config.get("model_max_length").is_some_and(|length| length.as_u64().is_some()) {
        config["model_max_length"] = json!(context);
    }
    write_json(to, &config)
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
