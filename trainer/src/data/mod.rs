//! From documents on disk to rows of tokens.
//!
//! ```text
//! Source ─► Row ─► DocumentTokenizer ─► TokenStore ─► Draw ─► Fit ─► Packer ─► Batch
//! files     text or    tokens and EOS    shards of     the      which   rows of `context`
//! checked   messages                     u32, cached   epoch's  share   tokens, documents
//!                                        by content    own      a row   kept apart
//! ```
//! Documents are tokenised once, before training; a step then reads exactly its tokens. What an
//! epoch takes and which documents share a row is a function of lengths, seed, epoch and context,
//! and the [`Position`] in it is a few numbers: any row can be packed again without the ones before
//! it.

mod chat;
mod document;
mod draw;
mod encode;
mod error;
mod fit;
mod jsonl;
mod order;
mod pack;
mod packing_report;
mod parquet;
mod pieces;
mod shard;
mod source;
mod store;
mod tokenize;

pub use chat::ChatTemplate;
pub use document::{Document, Message};
pub use draw::Draw;
pub use error::DataError;
pub use pack::{Packer, Position, Taken};
pub use packing_report::{ContextPacking, DatasetTokens, PackingReport};
pub use pieces::pieces;
pub use source::{Part, Source, SourceFile};
pub use store::TokenStore;
pub use tokenize::DocumentTokenizer;
