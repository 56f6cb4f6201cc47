//! Full-text search over the samples, with facets.
//!
//! The journal is the truth; this index is made from it and can be made again. [`SampleIndex`] keeps
//! a note of whoever feeds it in the same commit as the samples, so that after `kill -9` both say
//! the same; a sample that is added again takes the place of the one before. An index of another
//! layout, or one that cannot be read, is emptied when it is opened, and the note with it.
//!
//! ```text
//! SettledSample ─► layout ─► index (Tantivy) ◄─ query ◄─ SampleQuery
//!                                   └─► hits, facets ─► SampleHits
//! ```

mod error;
mod facets;
mod hits;
mod index;
mod layout;
mod query;

use lehr_record::Sample;

pub use error::SearchError;
pub use facets::{FacetCount, Facets};
pub(crate) use hits::SNIPPET_CHARS;
pub use hits::{SampleHit, SampleHits, Snippet};
pub use index::{Change, SampleIndex};
pub use query::{MAX_CLAUSES, MAX_DEPTH, MAX_HITS, MAX_QUERY_BYTES, MAX_TERMS, SampleQuery};

/// A sample as it is indexed.
#[derive(Clone, Debug)]
pub struct SettledSample {
    /// The sample.
    pub sample: Sample,
    /// When its request was created, in milliseconds since 1970.
    pub created_ms: u64,
}
