//! The model against candle's independent Llama, both in f32: logits at every position.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;
use std::env;
use std::path::PathBuf;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::llama::{Cache, Config, Llama};
use lehr_trainer::checkpoint::gguf;
use lehr_trainer::engine::cpu::Cpu;
use lehr_trainer::model::{Batch, Model, ModelConfig, Params};

/// Candle's logits at every position. Its Llama gives those of the last one only, so the tokens
/// go in one at a time, with its cache of keys and values.
fn candle_logits(config: &ModelConfig, params: &Params, tokens: &[u32]) -> Vec<f32> {
    let theirs = Config {
        hidden_size: config.d_model,
        intermediate_size: config.d_ffn,
        vocab_size: config.vocab_size,
        num_hidden_layers: config.n_layers,
        num_attention_heads: config.n_heads,
        num_key_value_heads: config.n_kv_heads,
        use_flash_attn: false,
        rms_norm_eps: f64::from(config.rms_eps),
        rope_theta: config.rope_theta as f32,
        bos_token_id: None,
        eos_token_id: None,
        rope_scaling: None,
        max_position_embeddings: tokens.len(),
        tie_word_embeddings: config.tied,
    };
    let device = Device::Cpu;
    let tensors: HashMap<String, Tensor> = params
        .iter()
        .map(|param| {
            let tensor = Tensor::from_slice(&param.values, param.shape.as_slice(), &device);
            (param.name.clone(), tensor.unwrap())
        })
        .collect();
    let builder = VarBuilder::from_tensors(tensors, DType::F32, &device);
    let llama = Llama::load(builder, &theirs).unwrap();
    let mut cache = Cache::new(true, DType::F32, &theirs, &device).unwrap();
    let at = |(position, token): (usize, &u32)| {
        let token = Tensor::new(&[[*token]], &device).unwrap();
        let logits = llama.forward(&token, position, &mut cache).unwrap();
        logits.flatten_all().unwrap().to_vec1::<f32>().unwrap()
    };
    tokens.iter().enumerate().flat_map(at).collect()
}

/// Largest difference of any logit, and the largest logit.
fn compare(ours: &[f32], theirs: &[f32]) -> (f32, f32) {
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().chain(theirs).all(|logit| logit.is_finite()));
    let differences = ours.iter().zip(theirs).map(|(a, b)| (a - b).abs());
    let size = theirs.iter().fold(0.0, |size: f32, logit| size.max(logit.abs()));
    (differences.fold(0.0, f32::max), size)
}

#[test]
fn random_models_agree_with_candle() {
    for (tied, n_heads, n_kv_heads, rope_theta) in
        [(true, 6, 2, 10_000.0), (false, 4, 4, 500_000.0), (true, 3, 1, 100.0)]
    {
        let config = ModelConfig {
            vocab_size: 211,
            d_model: n_heads * 16,
            d_ffn: 112,
            n_layers: 3,
            n_heads,
            n_kv_heads,
            head_dim: 16,
            rms_eps: 1e-5,
            rope_theta,
            tied,
            qkv_bias: false,
            max_positions: 256,
        };
        let params = Params::random(&config, 9, 0.1);
        let tokens: Vec<u32> = (0..200u32).map(|i| (i * i * 17 + 5 * i) % 211).collect();
        let batch = Batch {
            targets: tokens.clone(),
            weights: vec![1.0; tokens.len()],
            documents: vec![0, tokens.len()],
            tokens,
        };
        let mut model = Model::new(Cpu::new(), config.clone(), &params).unwrap();
        let ours = model.logits(&batch, rope_theta).unwrap();
        let theirs = candle_logits(&config, &params, &batch.tokens);
        let (difference, size) = compare(&ours, &theirs);
        assert!(difference < 2e-5 * size, "{n_heads} heads: {difference} of {size}");
    }
}

/// Where `lehr model pull` puts the default model, unless `LEHR_DEFAULT_GGUF` names the file.
fn default_model() -> PathBuf {
    if let Some(path) = env::var_os("LEHR_DEFAULT_GGUF") {
        return path.into();
    }
    let cache = env::var_os("LEHR_CACHE_DIR").map(PathBuf::from);
    let of_user = || env::var_os("XDG_CACHE_HOME").map(|cache| PathBuf::from(cache).join("lehr"));
    let of_home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/lehr"));
    let root = cache.or_else(of_user).or_else(of_home).unwrap();
    root.join("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf")
}

const TEXT: &str = "The Pythagorean theorem states that in a right triangle the square of the \
    hypotenuse is equal to the sum of the squares of the other two sides. For example, if the \
    legs are 3 and 4, then the hypotenuse is 5, because 9 + 16 = 25.";

#[test]
#[ignore = "needs the default model; run `lehr model pull` or set LEHR_DEFAULT_GGUF"]
fn the_default_model_agrees_with_candle() {
    let path = default_model();
    assert!(path.is_file(), "there is no {}; run `lehr model pull`", path.display());
    let home = tempfile::tempdir().unwrap();
    let imported = gguf::import(&path, &home.path().join("model")).unwrap();
    let tokenizer = home.path().join("model/tokenizer.json");
    let tokenizer = tokenizers::Tokenizer::from_file(tokenizer).unwrap();
    let tokens = tokenizer.encode(TEXT, false).unwrap().get_ids().to_vec();
    let batch = Batch::single(&tokens);

    let config = imported.config.model;
    let mut model = Model::new(Cpu::new(), config.clone(), &imported.params).unwrap();
    let ours = model.logits(&batch, config.rope_theta).unwrap();
    let theirs = candle_logits(&config, &imported.params, &batch.tokens);
    let (difference, size) = compare(&ours, &theirs);
    println!("{} tokens: largest difference {difference:e}, largest logit {size}", batch.len());
    assert!(difference < 1e-3, "{difference} of {size}");

    // Both would agree on weights in a wrong order; only the right ones read English.
    let stats = model.loss(&batch, config.rope_theta, 0.0).unwrap();
    println!("loss {} nats a token", stats.loss);
    assert!(stats.loss < 3.0, "{}", stats.loss);
}
