use std::path::PathBuf;

use serde_json::Value;

/// What was found on the way, in the order of the report.
pub(super) struct Findings {
    pub model: Value,
    pub benchmark: Value,
    /// The request when it was completed.
    pub progress: Value,
    pub samples: Vec<Value>,
    pub generation_seconds: f64,
    /// Tokens a second of replies, over the whole generation.
    pub tokens_per_second: f64,
    /// Absent when no sample was accepted: there was nothing to mix.
    pub training: Option<Training>,
    pub total_seconds: f64,
}

/// The mix and what was trained on it.
pub(super) struct Training {
    pub mix: Value,
    pub metrics: Vec<Value>,
    pub checkpoint: PathBuf,
    pub seconds: f64,
    /// Absent when there were too few samples to keep one apart.
    pub heldout: Option<Heldout>,
}

/// The loss on held-out samples: what `trainer eval` said before and after annealing.
pub(super) struct Heldout {
    pub before: Value,
    pub after: Value,
}
