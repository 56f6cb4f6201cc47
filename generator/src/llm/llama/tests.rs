//! A model of a few numbers, written to a GGUF file.
#![expect(clippy::unwrap_used, reason = "tests")]

mod calls;
mod files;
mod forward;
mod tokens;

use std::{collections::HashMap, fs::File};

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{Value, write},
    },
};

use super::*;

const LAYERS: usize = 2;
const WIDTH: usize = 48;
const INNER: usize = 40;
const QUERIES: usize = 4;
const KEYS: usize = 2;
const SIZE: usize = 16;
const EPS: f64 = 1e-5;
const BASE: f64 = 1000.0;

/// Tokens 0 to 2 are instructions, the others the bytes `!` to `~` and what stands for a space.
fn tokens() -> Vec<String> {
    let text = ('!'..='~').chain(['Ġ', 'Ċ']).map(String::from);
    ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
        .map(String::from)
        .into_iter()
        .chain(text)
        .collect()
}

/// Each tensor's shape and numbers.
type Tensors = HashMap<String, (Vec<usize>, Vec<f64>)>;

fn tensors() -> Tensors {
    let mut shapes = vec![
        ("token_embd.weight".to_owned(), vec![tokens().len(), WIDTH]),
        ("output_norm.weight".to_owned(), vec![WIDTH]),
    ];
    for layer in 0..LAYERS {
        for (part, shape) in [
            ("attn_norm", vec![WIDTH]),
            ("attn_q", vec![QUERIES * SIZE, WIDTH]),
            ("attn_k", vec![KEYS * SIZE, WIDTH]),
            ("attn_v", vec![KEYS * SIZE, WIDTH]),
            ("attn_output", vec![WIDTH, QUERIES * SIZE]),
            ("ffn_norm", vec![WIDTH]),
            ("ffn_gate", vec![INNER, WIDTH]),
            ("ffn_up", vec![INNER, WIDTH]),
            ("ffn_down", vec![WIDTH, INNER]),
        ] {
            shapes.push((format!("blk.{layer}.{part}.weight"), shape));
        }
    }
    let mut state = 1u64;
    let mut number = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 33) as f32 / (1u64 << 31) as f32 - 0.5)
    };
    let fill = |(name, shape): (String, Vec<usize>)| {
        let norm = shape.len() == 1;
        let count = shape.iter().product();
        let numbers = (0..count).map(|_| if norm { 1.0 + number() } else { number() }).collect();
        (name, (shape, numbers))
    };
    shapes.into_iter().map(fill).collect()
}

fn save(tensors: &Tensors, changes: &[(&str, Option<Value>)], path: &Path) {
    let array = |values: Vec<Value>| Value::Array(values);
    let strings = |texts: Vec<String>| array(texts.into_iter().map(Value::String).collect());
    let kinds = (0..tokens().len()).map(|id| Value::I32(if id < 3 { 3 } else { 1 })).collect();
    let template = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n\
        {% endfor %}{% if add_generation_prompt %}<|im_start|>{% endif %}";
    let mut metadata = HashMap::from([
        ("general.architecture", Value::String("llama".into())),
        ("llama.block_count", Value::U32(LAYERS as u32)),
        ("llama.context_length", Value::U32(64)),
        ("llama.embedding_length", Value::U32(WIDTH as u32)),
        ("llama.feed_forward_length", Value::U32(INNER as u32)),
        ("llama.attention.head_count", Value::U32(QUERIES as u32)),
        ("llama.attention.head_count_kv", Value::U32(KEYS as u32)),
        ("llama.attention.key_length", Value::U32(SIZE as u32)),
        ("llama.attention.value_length", Value::U32(SIZE as u32)),
        ("llama.rope.dimension_count", Value::U32(SIZE as u32)),
        ("llama.attention.layer_norm_rms_epsilon", Value::F32(EPS as f32)),
        ("llama.rope.freq_base", Value::F32(BASE as f32)),
        ("tokenizer.ggml.model", Value::String("gpt2".into())),
        ("tokenizer.ggml.pre", Value::String("smollm".into())),
        ("tokenizer.ggml.tokens", strings(tokens())),
        ("tokenizer.ggml.token_type", array(kinds)),
        ("tokenizer.ggml.merges", strings(vec![])),
        ("tokenizer.ggml.eos_token_id", Value::U32(2)),
        ("tokenizer.chat_template", Value::String(template.into())),
    ]);
    for (key, value) in changes {
        match value {
            Some(value) => metadata.insert(*key, value.clone()),
            None => metadata.remove(key),
        };
    }
    let tensors: Vec<(&str, QTensor)> = tensors
        .iter()
        .map(|(name, (shape, numbers))| {
            let numbers: Vec<f32> = numbers.iter().map(|n| *n as f32).collect();
            let tensor = Tensor::from_vec(numbers, shape.as_slice(), &Device::Cpu).unwrap();
            (name.as_str(), QTensor::quantize(&tensor, GgmlDType::F32).unwrap())
        })
        .collect();
    write(
        &mut File::create(path).unwrap(),
        &metadata.iter().map(|(key, value)| (*key, value)).collect::<Vec<_>>(),
        &tensors.iter().map(|(name, tensor)| (*name, tensor)).collect::<Vec<_>>(),
    )
    .unwrap();
}

fn sequence(seed: usize, length: usize) -> Vec<u32> {
    (0..length).map(|i| ((i * i * 7 + seed * 13 + i) % tokens().len()) as u32).collect()
}

fn load(changes: &[(&str, Option<Value>)], tensors: &Tensors) -> Result<Weights, ReadError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(tensors, changes, &path);
    Ok(read(&path)?.1)
}

fn read(path: &Path) -> Result<(Vocabulary, Weights), ReadError> {
    let mut source = Source::open(path)?;
    let vocabulary = Vocabulary::read(source.metadata())?;
    Ok((vocabulary, Weights::read(&mut source)?))
}
