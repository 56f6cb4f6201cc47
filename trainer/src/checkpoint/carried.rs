//! Files besides configuration and weights that belong to a checkpoint and are carried along.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{CheckpointError, write_json};

/// The names of these files. A checkpoint has some of them.
const NAMES: [&str; 9] = [
    TOKENIZER_CONFIG,
    "tokenizer.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "generation_config.json",
    "chat_template.jinja",
    "vocab.json",
    "merges.txt",
    "tokenizer.model",
];

const TOKENIZER_CONFIG: &str = "tokenizer_config.json";

/// Carried files in memory, read once: every checkpoint of a run has the same, whatever becomes of
/// the directory that they came from.
#[derive(Clone, Debug, Default)]
pub struct Carried(Vec<(&'static str, Vec<u8>)>);

impl Carried {
    /// Reads those files that a checkpoint directory has.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn read(directory: &Path) -> Result<Self, CheckpointError> {
        let mut files = Vec::new();
        for name in NAMES {
            let path = directory.join(name);
            if path.exists() {
                files.push((name, fs::read(&path).map_err(CheckpointError::io("read", &path))?));
            }
        }
        Ok(Self(files))
    }

    /// Writes the files into a directory, for a model of `context` positions.
    ///
    /// # Errors
    /// A `tokenizer_config.json` that is not JSON; what the file system reports.
    pub(crate) fn write(&self, into: &Path, context: usize) -> Result<(), CheckpointError> {
        for (name, bytes) in &self.0 {
            let path = into.join(name);
            if *name == TOKENIZER_CONFIG {
                write_json(&path, &tokenizer_config(&path, bytes, context)?)?;
            } else {
                fs::write(&path, bytes).map_err(CheckpointError::io("write", &path))?;
            }
        }
        Ok(())
    }
}

/// `tokenizer_config.json` with the model's new context as `model_max_length`, where it declares
/// one: a stale value would make readers cut documents off.
fn tokenizer_config(path: &Path, bytes: &[u8], context: usize) -> Result<Value, CheckpointError> {
    let mut config: Value = serde_json::from_slice(bytes).map_err(|error| {
        CheckpointError::format(path, format!("is not JSON: {error}"), "download it again")
    })?;
    if config.get("model_max_length").is_some_and(|length| length.as_u64().is_some()) {
        config["model_max_length"] = json!(context);
    }
    Ok(config)
}
