//! Weights in safetensors files: one file, or shards with an index.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use safetensors::SafeTensors;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{CheckpointError, Dtype};
use crate::model::{ModelConfig, Params};

/// The name of an unsharded file of weights.
pub(crate) const SINGLE: &str = "model.safetensors";
/// The name of the file that says which shard holds which tensor.
const INDEX: &str = "model.safetensors.index.json";

/// The part of a shard index that we read.
#[derive(Deserialize)]
struct Index {
    weight_map: BTreeMap<String, String>,
}

/// Reads the weights of a checkpoint directory as `f32`. One file at a time is in memory besides
/// the result.
///
/// # Errors
/// A file that cannot be read or is damaged; a tensor that is missing, not part of the model, of
/// the wrong shape, or of another format than f32, bf16 and f16.
pub(crate) fn read(directory: &Path, config: &ModelConfig) -> Result<Params, CheckpointError> {
    let layout: BTreeMap<_, _> = Params::layout(config).into_iter().collect();
    let mut found = HashMap::new();
    for file in files(directory)? {
        read_file(&file, |name, shape, values| match layout.get(name) {
            Some(expected) if *expected == shape => {
                found.insert(name.to_owned(), (shape, values()?));
                Ok(())
            }
            Some(expected) => Err(CheckpointError::tensor(
                &file,
                name,
                format!("has shape {shape:?}; config.json asks for {expected:?}"),
                "use the config.json that came with these weights",
            )),
            None if is_redundant(name, config) => Ok(()),
            None => Err(CheckpointError::tensor(
                &file,
                name,
                "is not part of the model that config.json describes",
                "use the config.json that came with these weights",
            )),
        })?;
    }
    if let Some(name) = layout.keys().find(|name| !found.contains_key(*name)) {
        let remedy = if name == "lm_head.weight" {
            "set tie_word_embeddings to true if the embedding serves as the output head"
        } else {
            "download the checkpoint again"
        };
        return Err(CheckpointError::tensor(directory, name, "is missing", remedy));
    }
    Params::from_named(config, |name| found.remove(name)).map_err(|error| {
        CheckpointError::format(directory, error.to_string(), "download the checkpoint again")
    })
}

/// Tensors that other writers add and that can be computed from the rest.
fn is_redundant(name: &str, config: &ModelConfig) -> bool {
    name.ends_with("rotary_emb.inv_freq") || (config.tied && name == "lm_head.weight")
}

/// The files that hold the weights, each once.
fn files(directory: &Path) -> Result<Vec<PathBuf>, CheckpointError> {
    let (index, single) = (directory.join(INDEX), directory.join(SINGLE));
    if !index.exists() {
        return if single.exists() { Ok(vec![single]) } else { Err(no_weights(directory)) };
    }
    let text = fs::read_to_string(&index).map_err(CheckpointError::io("read", &index))?;
    let map: Index = serde_json::from_str(&text).map_err(|error| {
        CheckpointError::format(&index, error.to_string(), "download the checkpoint again")
    })?;
    let names: BTreeSet<_> = map.weight_map.into_values().collect();
    // A name with a path in it could reach outside the checkpoint.
    if let Some(name) = names.iter().find(|name| name.contains(['/', '\\']) || *name == "..") {
        return Err(CheckpointError::field(
            &index,
            "weight_map",
            format!("names {name:?}, which is not a plain file name"),
            "download the checkpoint again",
        ));
    }
    Ok(names.into_iter().map(|name| directory.join(name)).collect())
}

/// The error of a directory without safetensors.
fn no_weights(directory: &Path) -> CheckpointError {
    let pickled = ["pytorch_model.bin", "pytorch_model.bin.index.json"]
        .into_iter()
        .find(|name| directory.join(name).exists());
    match pickled {
        Some(name) => CheckpointError::format(
            directory,
            format!("has its weights in {name}, and the trainer reads {SINGLE}"),
            "download the safetensors files of the model, or save it again with \
             `save_pretrained(..., safe_serialization=True)`",
        ),
        None => CheckpointError::format(
            directory,
            format!("has no {SINGLE}"),
            "download the checkpoint again, with its weights",
        ),
    }
}

/// Names configuration and weights of a checkpoint directory: a SHA-256 over their files, in
/// hexadecimal digits.
///
/// # Errors
/// A file that cannot be read.
pub(crate) fn digest(directory: &Path) -> Result<String, CheckpointError> {
    let mut hasher = Sha256::new();
    for path in [vec![directory.join("config.json")], files(directory)?].concat() {
        File::open(&path)
            .and_then(|mut file| io::copy(&mut file, &mut hasher))
            .map_err(CheckpointError::io("read", &path))?;
    }
    Ok(hex::encode(hasher.finalize()))
}

/// Hands each tensor of a safetensors file to `take`: its name, shape, and a function that gives
/// its values as `f32`.
pub(crate) fn read_file(
    path: &Path,
    mut take: impl FnMut(
        &str,
        Vec<usize>,
        &dyn Fn() -> Result<Vec<f32>, CheckpointError>,
    ) -> Result<(), CheckpointError>,
) -> Result<(), CheckpointError> {
    let bytes = fs::read(path).map_err(CheckpointError::io("read", path))?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| {
        CheckpointError::format(
            path,
            format!("is not a whole safetensors file ({error})"),
            "download or copy it again",
        )
    })?;
    // By name, so that of several faults the same one is named each time.
    let mut views: Vec<_> = tensors.iter().collect();
    views.sort_unstable_by_key(|(name, _)| *name);
    for (name, view) in views {
        take(name, view.shape().to_vec(), &|| {
            let dtype = Dtype::from_safetensors(view.dtype()).ok_or_else(|| {
                CheckpointError::tensor(
                    path,
                    name,
                    format!("has the format {:?}", view.dtype()),
                    "convert the checkpoint to float32, bfloat16 or float16",
                )
            })?;
            Ok(dtype.decode(view.data()))
        })?;
    }
    Ok(())
}

/// Values to be written, converted only when their turn comes.
struct Encoded<'a> {
    dtype: Dtype,
    shape: &'a [usize],
    values: &'a [f32],
}

impl safetensors::View for Encoded<'_> {
    fn dtype(&self) -> safetensors::Dtype {
        self.dtype.to_safetensors()
    }
    fn shape(&self) -> &[usize] {
        self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        self.dtype.encode(self.values).into()
    }
    fn data_len(&self) -> usize {
        self.values.len() * self.dtype.bytes()
    }
}

/// Writes named tensors into one safetensors file, all in one format.
///
/// # Errors
/// What the file system reports.
pub(crate) fn write_file<'a>(
    path: &Path,
    dtype: Dtype,
    tensors: impl IntoIterator<Item = (String, &'a [usize], &'a [f32])>,
) -> Result<(), CheckpointError> {
    let views =
        tensors.into_iter().map(|(name, shape, values)| (name, Encoded { dtype, shape, values }));
    // Hugging Face's loader asks for this key.
    let metadata = HashMap::from([("format".to_owned(), "pt".to_owned())]);
    safetensors::serialize_to_file(views, Some(metadata), path).map_err(|error| {
        CheckpointError::format(
            path,
            format!("cannot be written: {error}"),
            "free space on the disk or choose another place",
        )
    })
}
