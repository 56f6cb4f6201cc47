//! The nouns of lehr: requests, seeds, candidates, verdicts, samples and mixes.
//!
//! Everything that travels between the parts of the system is one of these types, and every type
//! here can be written to JSON and read back to the same value. The crate does no I/O and knows
//! nothing of models, sandboxes, indexes or HTTP.

mod benchmark;
mod call;
mod digest;
mod funnel;
mod id;
mod mix;
mod request;
mod sample;
mod seed;
mod supplied;
mod verdict;

pub use benchmark::{BenchmarkColumns, BenchmarkInfo, Contamination, Overlap, OverlapKind, Span};
pub use call::{Call, Message, Reply, Role, Sampling};
pub use digest::{Digest, Hasher};
pub use funnel::{Funnel, Settled};
pub use id::{ItemIndex, RequestId, SampleId};
pub use mix::{
    DatasetCount, DatasetSource, Decontamination, Difficulties, DropExample, Drops, FlagCount,
    LongCount, MixDedup, MixFile, MixManifest, MixOrder, MixQuality, MixRecipe, MixSource,
    MixTarget, OnShortfall, RecipeDataset,
};
pub use request::{Job, RequestSpec, RequestState, SpecError, SpecLimits};
pub use sample::{Attempt, Domain, Sample};
pub use seed::{CallCase, CallTests, Expected, Problem, Seed};
pub use supplied::SuppliedProblem;
pub use verdict::{Outcome, Verdict};
