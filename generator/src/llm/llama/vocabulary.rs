//! From a conversation to tokens and from tokens to text, as the GGUF file describes it.

use std::collections::HashMap;

use candle_core::quantized::gguf_file::Value;
use lehr_record::Message;
use minijinja::{Environment, ErrorKind, context};
use serde_json::json;
use tokenizers::Tokenizer;

use super::weights::ReadError;

/// The tokenizer and the chat template of a model.
pub(super) struct Vocabulary {
    tokenizer: Tokenizer,
    templates: Environment<'static>,
    /// Tokens that end a reply.
    ends: Vec<u32>,
    /// The texts of the tokens that begin and end a document, for templates that ask for them.
    begin_text: String,
    end_text: String,
}

const TEMPLATE: &str = "chat";

/// The file format's mark for tokens that are instructions and no text.
const CONTROL: i32 = 3;

impl Vocabulary {
    pub(super) fn read(metadata: &HashMap<String, Value>) -> Result<Self, ReadError> {
        let text = |key: &str| match metadata.get(key) {
            Some(Value::String(text)) => Some(text.as_str()),
            _ => None,
        };
        let list = |key: &str| match metadata.get(key) {
            Some(Value::Array(values)) => Ok(values.as_slice()),
            _ => Err(ReadError::Broken(format!("it has no {key}"))),
        };
        let string = |value: &Value| value.to_string().cloned();
        let number = |key: &str| match metadata.get(key) {
            Some(Value::U32(number)) => Some(*number),
            _ => None,
        };
        let kind = (text("tokenizer.ggml.model"), text("tokenizer.ggml.pre"));
        let words = match kind {
            (Some("gpt2"), Some("smollm")) => json!([
                {"type": "Digits", "individual_digits": true},
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
            ]),
            (Some("gpt2"), Some("gpt-2")) => json!([
                {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
            ]),
            _ => return Err(ReadError::Unsupported(format!("its tokenizer is {kind:?}"))),
        };
        let tokens: Vec<String> =
            list("tokenizer.ggml.tokens")?.iter().map(string).collect::<Result<_, _>>()?;
        let types: Vec<i32> = list("tokenizer.ggml.token_type")?
            .iter()
            .map(Value::to_i32)
            .collect::<Result<_, _>>()?;
        let merges: Vec<String> =
            list("tokenizer.ggml.merges")?.iter().map(string).collect::<Result<_, _>>()?;
        let merges: Vec<[&str; 2]> = merges
            .iter()
            .map(|merge| merge.split_once(' ').map(|(left, right)| [left, right]))
            .collect::<Option<_>>()
            .ok_or_else(|| ReadError::Broken("a merge of its tokenizer is no pair".to_owned()))?;
        let added: Vec<serde_json::Value> = (0u32..)
            .zip(tokens.iter().zip(&types))
            .filter(|(_, (_, kind))| **kind == CONTROL)
            .map(|(id, (content, _))| {
                json!({
                    "id": id, "content": content, "special": true, "single_word": false,
                    "lstrip": false, "rstrip": false, "normalized": false,
                })
            })
            .collect();
        let ids: HashMap<&str, u32> = tokens.iter().map(String::as_str).zip(0..).collect();
        let description = json!({
            "version": "1.0",
            "added_tokens": added,
            "normalizer": null,
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": words},
            "post_processor": null,
            "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
            "model": {
                "type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false,
                "continuing_subword_prefix": null, "end_of_word_suffix": null,
                "byte_fallback": false, "vocab": ids, "merges": merges,
            },
        });
        let tokenizer: Tokenizer = serde_json::from_value(description)
            .map_err(|error| ReadError::Broken(format!("its tokenizer: {error}")))?;

        let named =
            ["<|im_end|>", "<|endoftext|>"].iter().filter_map(|name| ids.get(name).copied());
        let end = number("tokenizer.ggml.eos_token_id");
        let ends: Vec<u32> = end.into_iter().chain(named).collect();
        if ends.is_empty() {
            return Err(ReadError::Broken("no token ends a reply".to_owned()));
        }
        let Some(template) = text("tokenizer.chat_template") else {
            return Err(ReadError::Broken("it has no chat template".to_owned()));
        };
        let mut templates = Environment::new();
        // As the templates' authors run them.
        templates.set_trim_blocks(true);
        templates.set_lstrip_blocks(true);
        templates.add_function("raise_exception", |reason: String| {
            Err::<String, _>(minijinja::Error::new(ErrorKind::InvalidOperation, reason))
        });
        templates
            .add_template_owned(TEMPLATE, template.to_owned())
            .map_err(|error| ReadError::Unsupported(format!("its chat template: {error}")))?;
        let token = |id: Option<u32>| id.and_then(|id| tokens.get(id as usize)).cloned();
        let begin_text = token(number("tokenizer.ggml.bos_token_id")).unwrap_or_default();
        let end_text = token(end).unwrap_or_default();
        Ok(Self { tokenizer, templates, ends, begin_text, end_text })
    }

    /// The tokens of a conversation, with the beginning of the reply to come; or why the template
    /// refuses it.
    pub(super) fn render(&self, messages: &[Message]) -> Result<Vec<u32>, String> {
        let text = self
            .templates
            .get_template(TEMPLATE)
            .and_then(|template| {
                template.render(context! {
                    messages => messages,
                    add_generation_prompt => true,
                    bos_token => self.begin_text,
                    eos_token => self.end_text,
                })
            })
            .map_err(|error| error.to_string())?;
        let encoding =
            self.tokenizer.encode_fast(text, false).map_err(|error| error.to_string())?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Whether a token ends a reply.
    pub(super) fn ends(&self, token: u32) -> bool {
        self.ends.contains(&token)
    }

    /// The text of a reply's tokens, without those that are no text.
    pub(super) fn text(&self, tokens: &[u32]) -> Result<String, String> {
        self.tokenizer.decode(tokens, true).map_err(|error| error.to_string())
    }
}
