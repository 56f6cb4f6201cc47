//! The shape of a Llama-family decoder.

/// The numbers that fix every buffer and every parameter of a model.
///
/// The family is that of Llama: pre-norm RMSNorm, rotary positions (half-split rotation), grouped
/// key and value heads, SwiGLU, no bias but optionally on the q, k and v projections (Qwen2).
#[derive(Debug, Clone, PartialEq)]
pub struct ModelConfig {
    /// Rows of the embedding table.
    pub vocab_size: usize,
    /// Width of the residual stream.
    pub d_model: usize,
    /// Inner width of the feed-forward block.
    pub d_ffn: usize,
    /// Number of decoder layers.
    pub n_layers: usize,
    /// Number of query heads; a multiple of `n_kv_heads`.
    pub n_heads: usize,
    /// Number of key and of value heads.
    pub n_kv_heads: usize,
    /// Width of a head; even, because rotary positions turn pairs.
    pub head_dim: usize,
    /// Added to the mean square inside RMSNorm.
    pub rms_eps: f32,
    /// Base of the rotary positions that the checkpoint was trained with.
    pub rope_theta: f64,
    /// Whether the output head is the embedding table.
    pub tied: bool,
    /// Whether q, k and v have a bias.
    pub qkv_bias: bool,
    /// Longest context that the checkpoint promises. Information for its readers: rotary tables
    /// are made for whatever length a batch brings.
    pub max_positions: usize,
}

/// The largest sizes that are taken: beyond every model that exists, and small enough that no
/// product of them overflows.
pub(crate) mod limit {
    /// Of the vocabulary.
    pub const VOCABULARY: usize = 1 << 24;
    /// Of the residual stream and the feed-forward block.
    pub const WIDTH: usize = 1 << 20;
    /// Of the number of layers.
    pub const LAYERS: usize = 1 << 12;
    /// Of the number of heads, and of the width of one.
    pub const HEADS: usize = 1 << 12;
}

/// What is wrong with a [`ModelConfig`].
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ConfigError {
    /// A size is that of no model.
    #[error("model configuration: `{name}` is {value}; it must be from 1 to {limit}")]
    Size {
        /// The field.
        name: &'static str,
        /// What it holds.
        value: usize,
        /// The most that is taken.
        limit: usize,
    },
    /// Query heads cannot be shared out evenly among the key heads.
    #[error(
        "model configuration: {n_heads} query heads cannot be grouped over {n_kv_heads} key heads; \
         the first must be a multiple of the second"
    )]
    Heads {
        /// Query heads.
        n_heads: usize,
        /// Key and value heads.
        n_kv_heads: usize,
    },
    /// Rotary positions need pairs.
    #[error("model configuration: head_dim is {0}; rotary positions need an even number")]
    OddHead(usize),
    /// A number that must be positive and finite is not.
    #[error("model configuration: `{name}` is {value}; it must be positive and finite")]
    NotPositive {
        /// The field.
        name: &'static str,
        /// What it holds.
        value: f64,
    },
}

impl ModelConfig {
    /// Checks what the engines rely on.
    ///
    /// # Errors
    /// The first field that no model can have.
    pub fn validate(&self) -> Result<(), ConfigError> {
        for (name, value, limit) in [
            ("vocab_size", self.vocab_size, limit::VOCABULARY),
            ("d_model", self.d_model, limit::WIDTH),
            ("d_ffn", self.d_ffn, limit::WIDTH),
            ("n_layers", self.n_layers, limit::LAYERS),
            ("n_heads", self.n_heads, limit::HEADS),
            ("n_kv_heads", self.n_kv_heads, limit::HEADS),
            ("head_dim", self.head_dim, limit::HEADS),
        ] {
            if !(1..=limit).contains(&value) {
                return Err(ConfigError::Size { name, value, limit });
            }
        }
        if !self.n_heads.is_multiple_of(self.n_kv_heads) {
            return Err(ConfigError::Heads { n_heads: self.n_heads, n_kv_heads: self.n_kv_heads });
        }
        if !self.head_dim.is_multiple_of(2) {
            return Err(ConfigError::OddHead(self.head_dim));
        }
        for (name, value) in [("rms_eps", f64::from(self.rms_eps)), ("rope_theta", self.rope_theta)]
        {
            if !(value.is_finite() && value > 0.0) {
                return Err(ConfigError::NotPositive { name, value });
            }
        }
        Ok(())
    }

    /// Width of the queries of one position: `n_heads * head_dim`.
    pub fn q_width(&self) -> usize {
        self.n_heads * self.head_dim
    }

    /// Width of the keys of one position: `n_kv_heads * head_dim`. The values are as wide.
    pub fn kv_width(&self) -> usize {
        self.n_kv_heads * self.head_dim
    }

    /// Width of queries, keys and values together.
    pub fn qkv_width(&self) -> usize {
        self.q_width() + 2 * self.kv_width()
    }

    /// Floating point operations of the matrix products of one forward and backward pass over
    /// `tokens` positions in documents of `document` tokens each, counted honestly: causal
    /// attention by half, nothing recomputed, the embedding look-up free. Two operations a
    /// multiply-add, backward twice the forward.
    pub fn training_flops(&self, tokens: usize, document: usize) -> f64 {
        let layer = self.d_model * (self.qkv_width() + self.q_width() + 3 * self.d_ffn);
        let weights = (self.n_layers * layer + self.vocab_size * self.d_model) as f64;
        let attention = (self.n_layers * self.q_width() * (document + 1)) as f64;
        tokens as f64 * (6.0 * weights + 6.0 * attention)
    }
}
