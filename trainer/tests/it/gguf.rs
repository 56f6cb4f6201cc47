//! GGUF files: a small one, written here, comes back as the model that it was made from.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{DType, Device, Tensor};
use lehr_trainer::checkpoint::{Checkpoint, gguf};
use lehr_trainer::model::{ModelConfig, Params};

use crate::common;

fn metadata(model: &ModelConfig) -> BTreeMap<String, Value> {
    let size = |n: usize| Value::U32(n as u32);
    let text = |t: &str| Value::String(t.into());
    let tokenizer = common::tokenizer();
    let vocab = tokenizer["model"]["vocab"].as_object().unwrap();
    let mut tokens: Vec<_> =
        vocab.iter().map(|(t, id)| (id.as_u64().unwrap(), t.clone())).collect();
    tokens.sort_unstable();
    let types = tokens.iter().map(|(id, _)| if (256..259).contains(id) { 3 } else { 1 });
    let merges = tokenizer["model"]["merges"].as_array().unwrap();
    [
        ("general.architecture", text("llama")),
        ("llama.block_count", size(model.n_layers)),
        ("llama.context_length", size(64)),
        ("llama.embedding_length", size(model.d_model)),
        ("llama.feed_forward_length", size(model.d_ffn)),
        ("llama.attention.head_count", size(model.n_heads)),
        ("llama.attention.head_count_kv", size(model.n_kv_heads)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(1e-5)),
        ("llama.rope.freq_base", Value::F32(1e4)),
        ("llama.rope.dimension_count", size(model.head_dim)),
        ("tokenizer.ggml.model", text("gpt2")),
        ("tokenizer.ggml.pre", text("smollm")),
        ("tokenizer.ggml.tokens", Value::Array(tokens.iter().map(|(_, t)| text(t)).collect())),
        ("tokenizer.ggml.token_type", Value::Array(types.map(Value::I32).collect())),
        (
            "tokenizer.ggml.merges",
            Value::Array(merges.iter().map(|m| text(m.as_str().unwrap())).collect()),
        ),
        ("tokenizer.ggml.eos_token_id", Value::U32(common::EOS)),
        ("tokenizer.chat_template", text(common::CHATML)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// The shape of the model in the file: as many tokens as the tokenizer has.
fn model() -> ModelConfig {
    ModelConfig { vocab_size: 261, ..common::model(false) }
}

fn write(path: &Path, params: &Params, metadata: &BTreeMap<String, Value>) {
    write_with(path, params, metadata, None);
}

/// The same with one more tensor, of that name.
fn write_with(
    path: &Path,
    params: &Params,
    metadata: &BTreeMap<String, Value>,
    extra: Option<&str>,
) {
    let head_dim = model().head_dim;
    let mut tensors = Vec::new();
    for param in params {
        let name = param
            .name
            .replace("model.layers.", "blk.")
            .replace("model.embed_tokens", "token_embd")
            .replace("model.norm", "output_norm")
            .replace("lm_head", "output")
            .replace("input_layernorm", "attn_norm")
            .replace("post_attention_layernorm", "ffn_norm")
            .replace("self_attn.o_proj", "attn_output")
            .replace("self_attn.", "attn_")
            .replace("mlp.", "ffn_")
            .replace("_proj", "");
        let tensor =
            Tensor::from_slice(&param.values, param.shape.as_slice(), &Device::Cpu).unwrap();
        // llama.cpp's own conversion of queries and keys, in its words: reshape to
        // (heads, 2, head_dim / 2, width), swap axes 1 and 2, reshape back.
        let tensor = if name.contains("attn_q") || name.contains("attn_k") {
            let (rows, width) = tensor.dims2().unwrap();
            tensor
                .reshape((rows / head_dim, 2, head_dim / 2, width))
                .unwrap()
                .transpose(1, 2)
                .unwrap()
                .reshape((rows, width))
                .unwrap()
        } else {
            tensor
        };
        tensors.push((name, QTensor::quantize(&tensor, GgmlDType::F32).unwrap()));
    }
    if let Some(name) = extra {
        let tensor = Tensor::zeros(4, DType::F32, &Device::Cpu).unwrap();
        tensors.push((name.into(), QTensor::quantize(&tensor, GgmlDType::F32).unwrap()));
    }
    let metadata: Vec<_> = metadata.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let tensors: Vec<_> = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor)).collect();
    gguf_file::write(&mut File::create(path).unwrap(), &metadata, &tensors).unwrap();
}

#[test]
fn weights_and_tokenizer_come_back() {
    let home = tempfile::tempdir().unwrap();
    let (file, out) = (home.path().join("m.gguf"), home.path().join("ckpt"));
    let params = Params::random(&model(), 3, 0.05);
    write(&file, &params, &metadata(&model()));
    gguf::import(&file, &out).unwrap();
    let read = Checkpoint::read(&out).unwrap();
    assert_eq!(read.config.model, model());
    assert_eq!(read.config.eos, Some(common::EOS));
    assert_eq!(read.params, params);

    let ours = tokenizers::Tokenizer::from_file(out.join("tokenizer.json")).unwrap();
    let text = "<|im_start|>the 12 thin things\n";
    let encoding = ours.encode(text, false).unwrap();
    assert_eq!(ours.decode(encoding.get_ids(), false).unwrap(), text);
    let tokens: Vec<_> = encoding.get_tokens().iter().map(String::as_str).collect();
    assert_eq!(tokens[..6], ["<|im_start|>", "th", "e", "Ġ", "1", "2"]);
    let again = gguf::import(&file, &out).err().unwrap().to_string();
    assert!(again.contains("already exists"), "{again}");
}

#[test]
fn what_cannot_be_translated_is_named() {
    let text = |t: &str| Some(Value::String(t.into()));
    let cases = [
        ("general.architecture", text("qwen2"), "llama"),
        ("tokenizer.ggml.model", text("llama"), "byte-level BPE"),
        ("tokenizer.ggml.pre", text("qwen2"), "smollm"),
        ("llama.rope.scaling.type", text("yarn"), "rotary"),
        ("llama.block_count", None, "another conversion"),
        ("llama.block_count", Some(Value::U32(i32::MAX as u32)), "from 1 to 4096"),
        ("tokenizer.ggml.add_bos_token", Some(Value::Bool(true)), "no tokenizer.ggml.bos_token_id"),
        ("llama.rope.dimension_count", Some(Value::U32(4)), "whole heads"),
        ("tokenizer.ggml.eos_token_id", Some(Value::U32(999)), "beyond"),
        ("tokenizer.ggml.token_type", Some(Value::Array(vec![])), "entries"),
    ];
    let home = tempfile::tempdir().unwrap();
    let (file, out) = (home.path().join("m.gguf"), home.path().join("ckpt"));
    let params = Params::random(&model(), 3, 0.05);
    for (field, value, remedy) in cases {
        let mut changed = metadata(&model());
        match value {
            Some(value) => drop(changed.insert(field.into(), value)),
            None => drop(changed.remove(field)),
        }
        write(&file, &params, &changed);
        let message = gguf::import(&file, &out).err().unwrap().to_string();
        for part in ["m.gguf", field, remedy] {
            assert!(message.contains(part), "{part:?} not in {message:?}");
        }
        assert!(!out.exists());
    }
    for (name, remedy) in [
        ("rope_freqs.weight", "without scaled rotary positions"),
        ("blk.0.attn_q.bias", "a plain llama model"),
        ("blk.2.attn_norm.weight", "a plain llama model"),
    ] {
        write_with(&file, &params, &metadata(&model()), Some(name));
        let message = gguf::import(&file, &out).err().unwrap().to_string();
        assert!(message.contains(name) && message.contains(remedy), "{message}");
        assert!(!out.exists());
    }
    std::fs::write(&file, "no gguf").unwrap();
    let message = gguf::import(&file, &out).err().unwrap().to_string();
    assert!(message.contains("not a whole GGUF file"), "{message}");
}
