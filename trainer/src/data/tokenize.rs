//! Documents to tokens.
//!
//! Every document ends with exactly one EOS token: that is where the model learns to stop, and
//! where documents part. A conversation whose template ends a turn by EOS and a line break ends
//! with that EOS. Special tokens that are spelled out in a text count as such, as they do for
//! Hugging Face's tokenizers: a text may be a conversation that was rendered before.

use std::path::Path;

use sha2::{Digest, Sha256};
use tokenizers::Tokenizer;

use super::chat::{read_config, token_text};
use super::{ChatTemplate, DataError, Document};
use crate::checkpoint::HfConfig;

/// The tokenizer of a checkpoint, with its chat template.
pub struct DocumentTokenizer {
    tokenizer: Tokenizer,
    chat: Option<ChatTemplate>,
    eos: u32,
    eos_text: String,
    digest: String,
}

impl DocumentTokenizer {
    /// Opens the tokenizer of the checkpoint in `directory`, whose configuration is `config`.
    ///
    /// # Errors
    /// A tokenizer that is missing, damaged, larger than the model's vocabulary, or without EOS.
    pub fn open(directory: &Path, config: &HfConfig) -> Result<Self, DataError> {
        let path = directory.join("tokenizer.json");
        let remedy = "use the tokenizer that came with the checkpoint";
        let bytes = std::fs::read(&path).map_err(DataError::io("read", &path))?;
        let mut tokenizer = Tokenizer::from_bytes(&bytes).map_err(|error| {
            DataError::format(&path, format!("is not a tokenizer ({error})"), remedy)
        })?;
        // Saved truncation would silently cut documents off.
        tokenizer.with_truncation(None).map_err(|error| {
            DataError::format(&path, format!("keeps its truncation ({error})"), remedy)
        })?;
        tokenizer.with_padding(None);
        let vocab_size = config.model.vocab_size;
        let largest = tokenizer.get_vocab(true).into_values().max().unwrap_or(0);
        if largest as usize >= vocab_size {
            let problem = format!("has token {largest}, beyond the model's {vocab_size}");
            return Err(DataError::format(&path, problem, remedy));
        }
        let config_path = directory.join("tokenizer_config.json");
        let named = token_text(&read_config(&config_path)?, "eos_token");
        let eos = config.eos.or_else(|| tokenizer.token_to_id(&named)).ok_or_else(|| {
            let problem = "there is no EOS token, neither `eos_token_id` in config.json nor \
                           `eos_token` in tokenizer_config.json";
            DataError::format(directory, problem, "name the token that ends a document")
        })?;
        let eos_text = tokenizer.id_to_token(eos).ok_or_else(|| {
            DataError::format(&path, format!("has no token {eos}, config.json's EOS"), remedy)
        })?;
        let chat = ChatTemplate::read(directory)?;
        let mut hasher = Sha256::new();
        hasher.update(&bytes);
        hasher.update(eos.to_le_bytes());
        for name in ["tokenizer_config.json", "chat_template.jinja"] {
            // Absent files count as empty ones.
            hasher.update(std::fs::read(directory.join(name)).unwrap_or_default());
            hasher.update([0]);
        }
        let digest = hex::encode(hasher.finalize());
        Ok(Self { tokenizer, chat, eos, eos_text, digest })
    }

    /// Names everything that decides the tokens of a document: a SHA-256 in hexadecimal digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The tokens of a document, EOS last; no tokens for a document without text.
    ///
    /// # Errors
    /// A conversation without a chat template or refused by it, in words.
    pub fn encode(&self, document: &Document) -> Result<Vec<u32>, String> {
        let encoding = match document {
            Document::Text(text) if text.is_empty() => return Ok(Vec::new()),
            // With the tokens that the tokenizer itself puts around a document, such as BOS.
            Document::Text(text) => self.tokenizer.encode_fast(text.as_str(), true),
            Document::Messages(messages) if messages.is_empty() => return Ok(Vec::new()),
            Document::Messages(messages) => {
                let chat = self.chat.as_ref().ok_or(
                    "it has `messages`, but the tokenizer has no chat template; give `text`, or \
                     a checkpoint with a chat_template",
                )?;
                let text = chat
                    .render(messages)
                    .map_err(|error| format!("the chat template refuses its messages: {error}"))?;
                let trimmed = text.trim_end();
                let whole = if trimmed.ends_with(&self.eos_text) { trimmed } else { &text };
                self.tokenizer.encode_fast(whole, false)
            }
        };
        let encoding = encoding.map_err(|error| format!("it cannot be tokenised: {error}"))?;
        let mut tokens = encoding.get_ids().to_vec();
        if tokens.last() != Some(&self.eos) {
            tokens.push(self.eos);
        }
        Ok(tokens)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
pub(super) mod tests {
    use super::*;
    use crate::checkpoint::Dtype;
    use crate::model::ModelConfig;
    use serde_json::json;
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;

    /// A tokenizer of one token a byte and an EOS, kept in `home`.
    pub fn byte_tokenizer(home: &Path) -> DocumentTokenizer {
        let mut vocab = serde_json::Map::new();
        let mut alphabet: Vec<char> = ByteLevel::alphabet().into_iter().collect();
        alphabet.sort_unstable();
        for (id, letter) in alphabet.iter().enumerate() {
            vocab.insert(letter.to_string(), json!(id));
        }
        vocab.insert("<eos>".into(), json!(256));
        let bytes = json!({
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
        });
        let tokenizer = json!({
            "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
            "normalizer": null, "pre_tokenizer": bytes, "post_processor": null, "decoder": bytes,
            "model": {"type": "BPE", "vocab": vocab, "merges": []},
        });
        std::fs::write(home.join("tokenizer.json"), tokenizer.to_string()).unwrap();
        let model = ModelConfig {
            vocab_size: 257,
            d_model: 4,
            d_ffn: 4,
            n_layers: 1,
            n_heads: 1,
            n_kv_heads: 1,
            head_dim: 4,
            rms_eps: 1e-5,
            rope_theta: 1e4,
            tied: true,
            qkv_bias: false,
            max_positions: 64,
        };
        let config = HfConfig::new(model, Dtype::F32, None, Some(256));
        DocumentTokenizer::open(home, &config).unwrap()
    }
}
