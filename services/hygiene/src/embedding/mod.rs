//! Sentences as vectors: texts that mean the same lie close together, whatever their words.
//!
//! [`Embedder`] runs a BERT of the sentence-transformers kind (Reimers and Gurevych 2019) through candle, on
//! the CPU. It is loaded from a directory as published: `config.json`, `tokenizer.json`,
//! `model.safetensors`, and `1_Pooling/config.json` where there is one.

mod embedder;
mod error;

pub use embedder::Embedder;
pub use error::EmbeddingError;

/// The cosine of the angle between two vectors of length 1 and equally many dimensions, from -1 to 1.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests;
