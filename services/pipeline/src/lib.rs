//! Plans and runs requests, and builds mixes.
//!
//! A request becomes a plan of work items ([`plan`]); each item asks the model, has the replies
//! judged and the result checked against the benchmarks ([`work`]); items are worked on many at a
//! time but settled strictly in the order of the plan ([`run`]), so that what an item sees of
//! earlier ones, and with it the outcome, does not depend on who was faster or on a crash in
//! between. Every model call goes through the journal ([`ask`]). The [`Scheduler`] decides which
//! requests run, and takes them up again after a restart.
//!
//! Back-pressure: at most the backend's own number of calls are in flight, at most as many
//! sandboxes, checks and mixes are worked on as there are cores, and at most [`WINDOW`] items a
//! request lie between the plan and the journal.

mod ask;
mod catalogue;
mod error;
mod judge;
mod mix;
mod plan;
mod progress;
mod run;
mod scheduler;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod testing;
mod work;
mod workshop;

pub use catalogue::{Catalogue, CatalogueError, Found};
pub use error::{MixError, PipelineError};
pub use mix::{EXAMPLE_RECIPE, Gap, MadeMix, create_mix};
pub use plan::check_spec;
pub use progress::{JobProgress, Progress};
pub use run::WINDOW;
pub use scheduler::Scheduler;
pub use workshop::{Workshop, WorkshopParts};

/// Milliseconds since 1970, by the system's clock.
pub fn now_ms() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX))
}
