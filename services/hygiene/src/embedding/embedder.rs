use std::fs;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use lehr_record::{Digest, Hasher};
use serde::Deserialize;
use tokenizers::{Tokenizer, TruncationParams};

use super::EmbeddingError;

/// The most tokens of a text that are read when the model does not say otherwise.
const USUAL_TOKENS: usize = 256;

/// A model of sentences.
pub struct Embedder {
    model: BertModel,
    tokenizer: Tokenizer,
    identity: Digest,
    dimensions: usize,
}

impl std::fmt::Debug for Embedder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedder").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// `1_Pooling/config.json`; the file has more.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Pooling {
    pooling_mode_cls_token: bool,
    pooling_mode_max_tokens: bool,
    pooling_mode_mean_sqrt_len_tokens: bool,
}

/// `sentence_bert_config.json`; the file has more.
#[derive(Deserialize)]
struct Sentences {
    max_seq_length: usize,
}

impl Embedder {
    /// Loads a model. Its files are read once, and its weights stay in memory.
    ///
    /// # Errors
    /// When a file is missing or damaged, or the model is no BERT with mean pooling.
    pub fn open(dir: &Path) -> Result<Self, EmbeddingError> {
        let unsupported =
            |reason: String| EmbeddingError::Unsupported { dir: dir.to_owned(), reason };
        let mut hasher = Hasher::default();
        let mut read = |name: &str| {
            let path = dir.join(name);
            let bytes = fs::read(&path)
                .map_err(|e| EmbeddingError::File { path, reason: e.to_string() })?;
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(&bytes);
            Ok::<_, EmbeddingError>(bytes)
        };
        let bad = |name: &str, reason: &dyn ToString| EmbeddingError::File {
            path: dir.join(name),
            reason: reason.to_string(),
        };
        let config = read("config.json")?;
        let config: Config = serde_json::from_slice(&config).map_err(|e| bad("config.json", &e))?;
        if let Some(kind) = config.model_type.as_deref().filter(|kind| *kind != "bert") {
            return Err(unsupported(format!("is of the type {kind:?}")));
        }
        let tokenizer = read("tokenizer.json")?;
        let mut tokenizer =
            Tokenizer::from_bytes(tokenizer).map_err(|e| bad("tokenizer.json", &e))?;
        let weights = read("model.safetensors")?;
        let weights = VarBuilder::from_buffered_safetensors(weights, DType::F32, &Device::Cpu)
            .map_err(|e| bad("model.safetensors", &e))?;

        let mut most = USUAL_TOKENS;
        if dir.join("sentence_bert_config.json").exists() {
            let json = read("sentence_bert_config.json")?;
            let sentences: Sentences =
                serde_json::from_slice(&json).map_err(|e| bad("sentence_bert_config.json", &e))?;
            most = sentences.max_seq_length;
        }
        if dir.join("1_Pooling/config.json").exists() {
            let json = read("1_Pooling/config.json")?;
            let pooling: Pooling =
                serde_json::from_slice(&json).map_err(|e| bad("1_Pooling/config.json", &e))?;
            if pooling.pooling_mode_cls_token
                || pooling.pooling_mode_max_tokens
                || pooling.pooling_mode_mean_sqrt_len_tokens
            {
                return Err(unsupported("does not pool by the mean".into()));
            }
        }
        let max_length = most.clamp(2, config.max_position_embeddings.max(2));
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(Some(TruncationParams { max_length, ..TruncationParams::default() }))
            .map_err(|e| bad("tokenizer.json", &e))?;
        let model = BertModel::load(weights, &config)
            .map_err(|e| unsupported(format!("lacks weights of a BERT ({e})")))?;
        let identity = hasher.finish();
        Ok(Self { model, tokenizer, identity, dimensions: config.hidden_size })
    }

    /// Names exactly this model: the digest of its files.
    pub fn identity(&self) -> &Digest {
        &self.identity
    }

    /// The length of its vectors.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The vector of a text, of length 1: the mean over the tokens of the last layer, normalised. What
    /// exceeds the model's window is not read. One text at a time, so that the result does not depend on
    /// which others are asked for; call from several threads for more.
    ///
    /// # Errors
    /// When the text cannot be tokenised or the arithmetic fails.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, EmbeddingError> {
        let failed = |e: &dyn ToString| EmbeddingError::Text(e.to_string());
        let encoding = self.tokenizer.encode_fast(text, true).map_err(|e| failed(&e))?;
        self.forward(encoding.get_ids()).map_err(|e| failed(&e))
    }

    fn forward(&self, ids: &[u32]) -> candle_core::Result<Vec<f32>> {
        if ids.is_empty() {
            candle_core::bail!("it has no tokens");
        }
        let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
        let hidden = self.model.forward(&ids, &ids.zeros_like()?, None)?;
        let mean = hidden.mean(1)?.squeeze(0)?.to_vec1::<f32>()?;
        let length = mean.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt().max(1e-12);
        Ok(mean.into_iter().map(|x| (f64::from(x) / length) as f32).collect())
    }
}
