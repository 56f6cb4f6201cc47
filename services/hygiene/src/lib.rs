//! Benchmark decontamination, deduplication, quality and search.
//!
//! A model that was trained on a benchmark's questions is not measured by it. [`BenchmarkRegistry`]
//! holds the benchmarks that a user wants to keep clean of, and [`BenchmarkRegistry::check`] says
//! whether a text quotes one of their items, which, how much of it and where, with both texts side
//! by side. Items are found by their words, in disguise too; programs whatever their names; and
//! questions in other words by rare terms, numbers and embeddings, of which many are missed when
//! everything but the idea was changed. Translations are not looked for.
//!
//! ```text
//! text ─► normalise ─► token ─┬► shingle ─► known ─► decontaminate: words ─► code ─► paraphrase
//!                             └► dedup: fingerprint, sketch ─► clusters     └─► Contamination
//! ```
//!
//! This is the only crate that knows Tantivy. A check that fails is an error, never a clean bill.

mod benchmark_file;
mod code;
mod common;
pub mod corpus;
mod criteria;
mod decontaminate;
mod dedup;
mod documents;
pub mod embedding;
mod error;
mod filter;
mod known;
mod layout;
pub mod normalise;
mod paraphrase;
mod prose;
pub mod quality;
mod registry;
pub mod rows;
mod rules;
pub mod search;
pub mod shingle;
mod snapshot;
mod subject;
mod template;
pub mod token;
mod view;

pub use benchmark_file::{
    ANSWER_FIELDS, CHOICE_FIELDS, CODE_FIELDS, ID_FIELDS, QUESTION_FIELDS, SOLUTION_FIELDS,
};
pub use criteria::Criteria;
pub use dedup::{DedupCriteria, Deduplicator, Duplicate, Sketch, fingerprint};
pub use documents::{DocumentReport, Sinks, Summary, check_documents, check_file};
pub use error::HygieneError;
pub use paraphrase::{Embed, ParaphraseCriteria};
pub use registry::{AddOptions, Added, BenchmarkRegistry, MAX_TEXT_BYTES};
pub use rules::{Mode, ParaphraseJudge, Rules};
pub use subject::Subject;
pub use template::{Template, TemplateLearner};
pub use view::RegistryView;
