//! The same question in other words.
//!
//! ```text
//! text ─► terms (one pass, rare words and numbers) ─► candidates ─► passage ─► settle
//!   └───► all passages embedded (mode `all`) ────────────┘           rule, embedding, judge
//! ```
//!
//! A paraphrase shares no row of words with its source, but it shares what the source is about: its rare
//! words, and above all its numbers. [`terms`] gathers the items whose terms stand close together in the
//! text; for the few that do, [`settle`] takes the passage that is most like the item and decides by a
//! stated rule over shared terms, numbers and the cosine of both embeddings. What the rule leaves open is
//! put to the judge, if there is one.
//!
//! The same template with other numbers is not a paraphrase: an item's numbers must be there.

mod criteria;
mod evidence;
mod passage;
mod settle;
pub(crate) mod terms;
mod vectors;

pub use criteria::{Embed, ParaphraseCriteria};
pub(crate) use evidence::check;
pub(crate) use vectors::Meaning;
