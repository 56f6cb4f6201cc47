//! The tokenizer inside a GGUF file, as Hugging Face's files.
//!
//! Byte-level BPE ("gpt2") is the kind that llama models of our size use. A vocabulary and merges
//! do not fix a tokenizer: how text is cut before merging does as well, and GGUF only names that.
//! Known names are translated; others are refused, since a guess would train on wrong tokens.

use serde_json::{Map, Value, json};

use super::CheckpointError;
use super::gguf_metadata::Metadata;

/// What the file says a token is.
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;

/// The contents of the tokenizer's files.
pub(crate) struct TokenizerFiles {
    /// `tokenizer.json`.
    pub(crate) tokenizer: Value,
    /// `tokenizer_config.json`.
    pub(crate) tokenizer_config: Value,
    /// `special_tokens_map.json`.
    pub(crate) special_tokens_map: Value,
    /// `generation_config.json`.
    pub(crate) generation_config: Value,
}

/// Translates the tokenizer of a file whose model has `context` positions.
pub(crate) fn read(
    metadata: &Metadata<'_>,
    context: usize,
) -> Result<TokenizerFiles, CheckpointError> {
    let kind = metadata.text("tokenizer.ggml.model")?;
    if kind != "gpt2" {
        return Err(metadata.error(
            "tokenizer.ggml.model",
            format!("is {kind:?}, which cannot be translated"),
            "use a model with a byte-level BPE tokenizer (\"gpt2\")",
        ));
    }
    let tokens = metadata.texts("tokenizer.ggml.tokens")?;
    let types = metadata.numbers("tokenizer.ggml.token_type")?;
    if types.len() != tokens.len() {
        return Err(metadata.error(
            "tokenizer.ggml.token_type",
            format!("has {} entries for {} tokens", types.len(), tokens.len()),
            "use another conversion of the model",
        ));
    }
    let vocab: Map<String, Value> =
        tokens.iter().enumerate().map(|(id, token)| ((*token).to_owned(), json!(id))).collect();
    if vocab.len() != tokens.len() {
        return Err(metadata.error(
            "tokenizer.ggml.tokens",
            "has the same token twice",
            "use another conversion of the model",
        ));
    }
    let added: Vec<Value> = tokens
        .iter()
        .zip(&types)
        .enumerate()
        .filter(|(_, (_, kind))| matches!(**kind, CONTROL | USER_DEFINED))
        .map(|(id, (token, kind))| added_token(id, token, *kind == CONTROL))
        .collect();
    let special = |which: &str| -> Result<Value, CheckpointError> {
        let Some(id) = metadata.token(which)? else { return Ok(Value::Null) };
        let token = tokens.get(id as usize).ok_or_else(|| {
            metadata.error(
                &format!("tokenizer.ggml.{which}_token_id"),
                format!("is {id}, beyond the {} tokens", tokens.len()),
                "use another conversion of the model",
            )
        })?;
        Ok(json!(token))
    };
    let (bos, eos) = (special("bos")?, special("eos")?);
    let (unk, pad) = (special("unknown")?, special("padding")?);
    let add_bos = metadata.flag("tokenizer.ggml.add_bos_token")?;
    if add_bos && bos.is_null() {
        return Err(metadata.error(
            "tokenizer.ggml.add_bos_token",
            "is true, but there is no tokenizer.ggml.bos_token_id",
            "use another conversion of the model",
        ));
    }
    let space = metadata.flag("tokenizer.ggml.add_space_prefix")?;
    let tokenizer = json!({
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": added,
        "normalizer": null,
        "pre_tokenizer": pre_tokenizer(metadata, space)?,
        "post_processor": if add_bos { begin(&bos, metadata.token("bos")?) } else { Value::Null },
        "decoder": byte_level(space),
        "model": {
            "type": "BPE",
            "dropout": null,
            "unk_token": null,
            "continuing_subword_prefix": null,
            "end_of_word_suffix": null,
            "fuse_unk": false,
            "byte_fallback": false,
            "ignore_merges": false,
            "vocab": vocab,
            "merges": metadata.texts("tokenizer.ggml.merges")?,
        },
    });
    let names = [("bos_token", bos), ("eos_token", eos), ("unk_token", unk), ("pad_token", pad)];
    let named: Map<String, Value> = names
        .into_iter()
        .filter(|(_, token)| !token.is_null())
        .map(|(name, token)| (name.to_owned(), token))
        .collect();
    let mut tokenizer_config = named.clone();
    tokenizer_config.insert("tokenizer_class".into(), json!("PreTrainedTokenizerFast"));
    tokenizer_config.insert("model_max_length".into(), json!(context));
    tokenizer_config.insert("clean_up_tokenization_spaces".into(), json!(false));
    if let Some(template) = metadata.optional_text("tokenizer.chat_template")? {
        tokenizer_config.insert("chat_template".into(), json!(template));
    }
    Ok(TokenizerFiles {
        tokenizer,
        tokenizer_config: Value::Object(tokenizer_config),
        special_tokens_map: Value::Object(named),
        generation_config: json!({
            "bos_token_id": metadata.token("bos")?,
            "eos_token_id": metadata.token("eos")?,
            "pad_token_id": metadata.token("padding")?,
        }),
    })
}

fn added_token(id: usize, content: &str, special: bool) -> Value {
    json!({
        "id": id,
        "content": content,
        "single_word": false,
        "lstrip": false,
        "rstrip": false,
        "normalized": false,
        "special": special,
    })
}

fn byte_level(add_prefix_space: bool) -> Value {
    json!({
        "type": "ByteLevel",
        "add_prefix_space": add_prefix_space,
        "trim_offsets": true,
        "use_regex": true,
    })
}

/// How text is cut before merging. GPT-2's own rule; SmolLM's cuts each digit off first.
fn pre_tokenizer(metadata: &Metadata<'_>, space: bool) -> Result<Value, CheckpointError> {
    match metadata.text("tokenizer.ggml.pre")? {
        "gpt-2" => Ok(byte_level(space)),
        "smollm" => Ok(json!({
            "type": "Sequence",
            "pretokenizers": [{"type": "Digits", "individual_digits": true}, byte_level(space)],
        })),
        other => Err(metadata.error(
            "tokenizer.ggml.pre",
            format!("is {other:?}, which cannot be translated"),
            "use a model whose pre-tokenizer is \"smollm\" or \"gpt-2\"",
        )),
    }
}

/// A post-processor that puts the first token in front of a document.
fn begin(bos: &Value, id: Option<u32>) -> Value {
    json!({
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": bos, "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [
            {"SpecialToken": {"id": bos, "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": bos, "type_id": 1}},
            {"Sequence": {"id": "B", "type_id": 1}},
        ],
        "special_tokens": {
            bos.as_str().unwrap_or_default(): {"id": bos, "ids": [id], "tokens": [bos]},
        },
    })
}
