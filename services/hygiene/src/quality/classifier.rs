//! Hugging Face sequence classifiers, through candle on the CPU.

use std::fs;
use std::path::Path;

use candle_core::{DType, Device, Module, Tensor};
use candle_nn::{Linear, VarBuilder};
use candle_transformers::models::bert::{self, BertModel};
use candle_transformers::models::distilbert::{self, DistilBertModel};
use candle_transformers::models::xlm_roberta::{self, XLMRobertaForSequenceClassification};
use lehr_record::{Digest, Hasher};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use tokenizers::{Tokenizer, TruncationParams};

use super::labels::Labels;
use super::{QualityError, QualityModel};

/// The most tokens of a text that are read.
const MOST_TOKENS: usize = 512;

/// A classifier of texts as published: `config.json`, `tokenizer.json`, `model.safetensors`.
///
/// With one label it is a regression, as FineWeb-Edu's classifier, whose value is held within 1 to 5. With
/// more, the labels must be in an order: all have different whole numbers (`LABEL_0`, `4 stars`), or are named `low`, `medium`, `high` or the like. The score is the mean of the labels' places,
/// spread evenly over 1 to 5, by their probabilities.
pub struct SequenceClassifier {
    network: Network,
    tokenizer: Tokenizer,
    identity: Digest,
    /// The score of each label; empty for a regression.
    worth: Vec<f64>,
}

enum Network {
    Bert { model: BertModel, pooler: Linear, classifier: Linear },
    DistilBert { model: DistilBertModel, before: Linear, classifier: Linear },
    Roberta(XLMRobertaForSequenceClassification),
}

/// What matters here of `config.json` whatever the model.
#[derive(Deserialize)]
struct Common {
    model_type: String,
    max_position_embeddings: usize,
    #[serde(default)]
    pad_token_id: usize,
    problem_type: Option<String>,
    #[serde(flatten)]
    labels: Labels,
}

impl std::fmt::Debug for SequenceClassifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("SequenceClassifier");
        shown.field("identity", &self.identity).field("worth", &self.worth).finish_non_exhaustive()
    }
}

impl SequenceClassifier {
    /// Loads a classifier; its weights stay in memory.
    ///
    /// # Errors
    /// When a file is missing or damaged, the model is of another kind, or its labels are in no order.
    pub fn open(dir: &Path) -> Result<Self, QualityError> {
        let unsupported =
            |reason: String| QualityError::Unsupported { dir: dir.to_owned(), reason };
        let bad = |name: &str, reason: &dyn ToString| QualityError::File {
            path: dir.join(name),
            reason: reason.to_string(),
        };
        let mut hasher = Hasher::default();
        let mut read = |name: &str| {
            let bytes = fs::read(dir.join(name)).map_err(|e| bad(name, &e))?;
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(&bytes);
            Ok::<_, QualityError>(bytes)
        };
        let json = read("config.json")?;
        let config: Value = serde_json::from_slice(&json).map_err(|e| bad("config.json", &e))?;
        let common = Common::deserialize(&config).map_err(|e| bad("config.json", &e))?;
        if common.problem_type.as_deref() == Some("multi_label_classification") {
            return Err(unsupported("gives several labels at once".into()));
        }
        let worth = common.labels.worth().map_err(unsupported)?;
        let bytes = read("tokenizer.json")?;
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|e| bad("tokenizer.json", &e))?;
        let bytes = read("model.safetensors")?;
        let weights = VarBuilder::from_buffered_safetensors(bytes, DType::F32, &Device::Cpu)
            .map_err(|e| bad("model.safetensors", &e))?;
        let labels = worth.len().max(1);
        let network = Network::load(&common.model_type, config, labels, weights)
            .map_err(|e| unsupported(format!("of the type {:?} {e}", common.model_type)))?;
        // The positions of RoBERTa start behind that of padding.
        let taken =
            if matches!(network, Network::Roberta(_)) { common.pad_token_id + 1 } else { 0 };
        let places = common.max_position_embeddings.saturating_sub(taken);
        let max_length = places.clamp(2, MOST_TOKENS);
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(Some(TruncationParams { max_length, ..TruncationParams::default() }))
            .map_err(|e| bad("tokenizer.json", &e))?;
        Ok(Self { network, tokenizer, identity: hasher.finish(), worth })
    }

    /// The score of one text, which does not depend on what others are asked for.
    fn one(&self, text: &str) -> Result<f32, QualityError> {
        let failed = |e: &dyn ToString| QualityError::Model(e.to_string());
        let encoding = self.tokenizer.encode_fast(text, true).map_err(|e| failed(&e))?;
        if encoding.get_ids().is_empty() {
            return Err(failed(&"the text has no tokens"));
        }
        let values = self.network.forward(encoding.get_ids()).map_err(|e| failed(&e))?;
        if values.len() != self.worth.len().max(1) || values.iter().any(|value| !value.is_finite())
        {
            return Err(failed(&format!("it computed {values:?}")));
        }
        let score = if self.worth.is_empty() {
            f64::from(values[0]).clamp(1.0, 5.0)
        } else {
            let most = values.iter().copied().fold(f32::MIN, f32::max);
            let shares: Vec<f64> = values.iter().map(|v| f64::from(v - most).exp()).collect();
            let total: f64 = shares.iter().sum();
            shares.iter().zip(&self.worth).map(|(share, worth)| share * worth).sum::<f64>() / total
        };
        Ok(score as f32)
    }
}

impl QualityModel for SequenceClassifier {
    fn identity(&self) -> String {
        format!("sequence classifier {}", self.identity.as_str())
    }

    fn score(&self, texts: &[&str]) -> Result<Vec<f32>, QualityError> {
        texts.par_iter().map(|text| self.one(text)).collect()
    }
}

impl Network {
    fn load(
        kind: &str,
        config: Value,
        labels: usize,
        weights: VarBuilder<'_>,
    ) -> Result<Self, String> {
        let lacks = |e: candle_core::Error| format!("lacks weights ({e})");
        let reads = |e: serde_json::Error| format!("has a configuration that cannot be used ({e})");
        match kind {
            "bert" => {
                serde_json::from_value(config).map_err(reads).and_then(|config: bert::Config| {
                    Self::bert(&config, labels, weights).map_err(lacks)
                })
            }
            "distilbert" => serde_json::from_value(config).map_err(reads).and_then(
                |config: distilbert::Config| {
                    Self::distilbert(&config, labels, weights).map_err(lacks)
                },
            ),
            "roberta" | "xlm-roberta" => {
                let mut config = config;
                if let Value::Object(config) = &mut config {
                    config.entry("position_embedding_type").or_insert_with(|| "absolute".into());
                }
                serde_json::from_value(config).map_err(reads).and_then(
                    |config: xlm_roberta::Config| {
                        XLMRobertaForSequenceClassification::new(labels, &config, weights)
                            .map(Self::Roberta)
                            .map_err(lacks)
                    },
                )
            }
            _ => Err("cannot be run".into()),
        }
    }

    fn bert(
        config: &bert::Config,
        labels: usize,
        weights: VarBuilder<'_>,
    ) -> candle_core::Result<Self> {
        let hidden = config.hidden_size;
        let pooler = candle_nn::linear(hidden, hidden, weights.pp("bert.pooler.dense"))?;
        let classifier = candle_nn::linear(hidden, labels, weights.pp("classifier"))?;
        let model = BertModel::load(weights.pp("bert"), config)?;
        Ok(Self::Bert { model, pooler, classifier })
    }

    fn distilbert(
        config: &distilbert::Config,
        labels: usize,
        weights: VarBuilder<'_>,
    ) -> candle_core::Result<Self> {
        let before = candle_nn::linear(config.dim, config.dim, weights.pp("pre_classifier"))?;
        let classifier = candle_nn::linear(config.dim, labels, weights.pp("classifier"))?;
        let model = DistilBertModel::load(weights.pp("distilbert"), config)?;
        Ok(Self::DistilBert { model, before, classifier })
    }

    /// The values of the labels before softmax, from the state of the first token.
    fn forward(&self, ids: &[u32]) -> candle_core::Result<Vec<f32>> {
        let ids = Tensor::new(ids, &Device::Cpu)?.unsqueeze(0)?;
        let first = |hidden: Tensor| hidden.narrow(1, 0, 1)?.squeeze(1)?.contiguous();
        let values = match self {
            Self::Bert { model, pooler, classifier } => {
                let hidden = first(model.forward(&ids, &ids.zeros_like()?, None)?)?;
                classifier.forward(&pooler.forward(&hidden)?.tanh()?)?
            }
            Self::DistilBert { model, before, classifier } => {
                // Here a mask marks what is *not* looked at.
                let mask = Tensor::zeros((1, 1, 1, 1), DType::U8, &Device::Cpu)?;
                let hidden = first(model.forward(&ids, &mask)?)?;
                classifier.forward(&before.forward(&hidden)?.relu()?)?
            }
            Self::Roberta(model) => model.forward(&ids, &ids.ones_like()?, &ids.zeros_like()?)?,
        };
        values.squeeze(0)?.to_vec1()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
#[path = "classifier_tests.rs"]
mod tests;
