//! Annealing runs: phases, steps, checkpoints, and what one sees of them.
//!
//! ```text
//! anneal.toml ─► AnnealConfig ─► Plan ─┐
//! checkpoint ─► Model ─────────────────┼─► step, step, step ... ─► metrics.jsonl
//! mix ─► TokenStore ─► Packer ─────────┘        │                  report.html
//!                     │                         └─► checkpoints/step-N, checkpoints/final
//!                     └─► packing.json
//! ```
//! A step is a function of the configuration, the data and the state before it; the state is
//! written whole into `checkpoints/step-N`. So a run that is killed at any moment and resumed ends
//! with the same bits as one that was left alone.

mod anneal;
mod config;
mod config_file;
mod device;
mod error;
mod eval;
mod forecast;
mod metrics;
mod pack;
mod plan;
mod rundir;
mod training;

pub use anneal::{AnnealRequest, Event, Outcome, anneal};
pub use config::{AnnealConfig, BatchConfig, OptimConfig, PhaseConfig};
pub use device::{Device, DeviceError};
pub use error::RunError;
pub use eval::{EvalRequest, Evaluation, evaluate};
pub use forecast::{Forecast, PhaseForecast};
pub use metrics::StepRecord;
pub use pack::{PackRequest, Packed, pack};
pub use plan::{Phase, Plan};
