//! What a checkpoint within a run has besides the model: everything that a resumed run needs to
//! go on to the same bits.
//!
//! Nothing is drawn at random during a step, and the order of the documents is a function of seed
//! and epoch; so seed and data position are the whole state of the random numbers.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    Carried, Checkpoint, CheckpointError, Dtype, HfConfig, weights, write_json, write_model,
};
use crate::data::Position;
use crate::model::{Param, Params};
use crate::optim::Moments;

const OPTIMIZER: &str = "optimizer.safetensors";
const STATE: &str = "trainer_state.json";

/// Where a run stands after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainerState {
    /// Optimizer steps done.
    pub step: u64,
    /// Tokens seen.
    pub tokens: u64,
    /// The next row of the data.
    pub position: Position,
    /// The seed of the run.
    pub seed: u64,
    /// Fingerprint of the tokenised data; see [`crate::data::TokenStore`].
    pub data: String,
    /// Digest of the configuration and the weights that the run began with.
    pub origin: String,
}

/// A checkpoint within a run.
#[derive(Debug)]
pub struct Snapshot {
    /// The model, its weights exactly as they were in memory.
    pub checkpoint: Checkpoint,
    /// Adam's moments.
    pub moments: Vec<Moments>,
    /// Where the run stood.
    pub state: TrainerState,
}

/// Writes a checkpoint within a run into an existing empty directory.
///
/// # Errors
/// What the file system reports.
pub(crate) fn write(
    into: &Path,
    config: &HfConfig,
    params: &Params,
    moments: &[Moments],
    state: &TrainerState,
    carried: &Carried,
) -> Result<(), CheckpointError> {
    let dtype = config.dtype.written();
    write_model(into, config, params, dtype, carried)?;
    let exact = dtype == Dtype::F32;
    let master = params
        .iter()
        .filter(|_| !exact)
        .map(|p| (format!("master.{}", p.name), p.shape.as_slice(), p.values.as_slice()));
    let moments = moments.iter().flat_map(|m| {
        [
            (format!("first.{}", m.name), m.shape.as_slice(), m.first.as_slice()),
            (format!("second.{}", m.name), m.shape.as_slice(), m.second.as_slice()),
        ]
    });
    weights::write_file(&into.join(OPTIMIZER), Dtype::F32, master.chain(moments))?;
    write_json(&into.join(STATE), state)
}

/// Reads a checkpoint within a run.
///
/// # Errors
/// A part that cannot be read or does not fit the model.
pub fn read(directory: &Path) -> Result<Snapshot, CheckpointError> {
    let mut checkpoint = Checkpoint::read(directory)?;
    let path = directory.join(OPTIMIZER);
    let mut found = HashMap::new();
    weights::read_file(&path, |name, shape, values| {
        found.insert(name.to_owned(), (shape, values()?));
        Ok(())
    })?;
    let mut take = |kind: &str, param: &Param| {
        let name = format!("{kind}.{}", param.name);
        match found.remove(&name) {
            Some((shape, values)) if shape == param.shape => Ok(values),
            _ => Err(CheckpointError::tensor(
                &path,
                name,
                "is missing or of the wrong shape",
                "resume from another step of the run",
            )),
        }
    };
    let mut moments = Vec::new();
    let exact = checkpoint.config.dtype == Dtype::F32;
    for param in checkpoint.params.iter_mut() {
        moments.push(Moments {
            name: param.name.clone(),
            shape: param.shape.clone(),
            first: take("first", param)?,
            second: take("second", param)?,
        });
        if !exact {
            param.values = take("master", param)?;
        }
    }
    Ok(Snapshot { checkpoint, moments, state: read_state(directory)? })
}

/// Reads where the run stood at a checkpoint within it, and nothing else.
///
/// # Errors
/// A file that cannot be read, or is not ours.
pub(crate) fn read_state(directory: &Path) -> Result<TrainerState, CheckpointError> {
    let path = directory.join(STATE);
    let text = fs::read_to_string(&path).map_err(CheckpointError::io("read", &path))?;
    serde_json::from_str(&text).map_err(|error| {
        CheckpointError::format(&path, error.to_string(), "resume from another step of the run")
    })
}
