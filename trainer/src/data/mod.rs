//! From documents on disk to rows of tokens.
//!
//! ```text
//! Source ─► Document ─► DocumentTokenizer ─► TokenStore ─► Packer ─► Batch
//! files     text or      tokens and EOS       one file      rows of `context` tokens,
//! checked   messages                          of u32        documents kept apart
//! ```
//! Documents are tokenised once, before training, into one flat file; a step then reads exactly
//! its tokens. The order of documents is a function of seed and epoch, and the [`Position`] in it
//! is three numbers: any row can be packed again without the ones before it.

mod chat;
mod document;
mod error;
mod jsonl;
mod pack;
mod parquet;
mod source;
mod store;
mod tokenize;

pub use chat::ChatTemplate;
pub use document::{Document, Message};
pub use error::DataError;
pub use pack::{Packer, Position, pieces};
pub use source::{Part, Source};
pub use store::TokenStore;
pub use tokenize::DocumentTokenizer;
