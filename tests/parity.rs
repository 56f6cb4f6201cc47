//! The model against candle's independent Llama, both in f32: logits at every position.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Error, Result, ensure};
use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::llama::{Cache, Config, Llama};
use lehr_tests::{error_of, program};
use lehr_trainer::checkpoint::Checkpoint;
use lehr_trainer::engine::cpu::Cpu;
use lehr_trainer::model::{Batch, Model, ModelConfig, Param, Params};
use serde_json::Value;
use tempfile::TempDir;
use tokenizers::Tokenizer;

/// Candle's logits at every position. Its Llama gives those of the last one only, so the tokens
/// go in one at a time, with its cache of keys and values.
fn candle_logits(config: &ModelConfig, params: &Params, tokens: &[u32]) -> Result<Vec<f32>> {
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
    let tensor = |param: &Param| {
        let tensor = Tensor::from_slice(&param.values, param.shape.as_slice(), &device)?;
        Ok((param.name.clone(), tensor))
    };
    let tensors: HashMap<_, _> = params.iter().map(tensor).collect::<Result<_>>()?;
    let builder = VarBuilder::from_tensors(tensors, DType::F32, &device);
    let llama = Llama::load(builder, &theirs)?;
    let mut cache = Cache::new(true, DType::F32, &theirs, &device)?;
    let mut logits = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        let token = Tensor::new(&[[*token]], &device)?;
        let last = llama.forward(&token, position, &mut cache)?;
        logits.extend(last.flatten_all()?.to_vec1::<f32>()?);
    }
    Ok(logits)
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
fn random_models_agree_with_candle() -> Result<()> {
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
        let mut model = Model::new(Cpu::new(), config.clone(), &params)?;
        let ours = model.logits(&batch, rope_theta)?;
        let theirs = candle_logits(&config, &params, &batch.tokens)?;
        let (difference, size) = compare(&ours, &theirs);
        assert!(difference < 2e-5 * size, "{n_heads} heads: {difference} of {size}");
    }
    Ok(())
}

const TEXT: &str = "The Pythagorean theorem states that in a right triangle the square of the \
    hypotenuse is equal to the sum of the squares of the other two sides. For example, if the \
    legs are 3 and 4, then the hypotenuse is 5, because 9 + 16 = 25.";

/// The default model, fetched into the user's cache and turned into a checkpoint as a user would.
fn default_model(home: &Path) -> Result<Checkpoint> {
    let run = |command: &mut Command| -> Result<Value> {
        let output = command.arg("--json").output()?;
        ensure!(output.status.success(), "{}", error_of(&output)?);
        let text = String::from_utf8(output.stdout)?;
        Ok(serde_json::from_str(text.trim())?)
    };
    let pulled = run(Command::new(program("lehr")?).args(["model", "pull"]))?;
    let gguf = pulled["path"].as_str().context("the model has no path")?;
    let place = home.join("checkpoint");
    run(Command::new(program("trainer")?).args(["import", gguf, "--out"]).arg(&place))?;
    Ok(Checkpoint::read(&place)?)
}

#[test]
fn the_default_model_agrees_with_candle() -> Result<()> {
    let home = TempDir::new()?;
    let Checkpoint { config, params, .. } = default_model(home.path())?;
    let config = config.model;
    let tokenizer = Tokenizer::from_file(home.path().join("checkpoint/tokenizer.json"));
    let encoding = tokenizer.and_then(|t| t.encode(TEXT, false)).map_err(Error::from_boxed)?;
    let (tokens, targets) = (encoding.get_ids(), &encoding.get_ids()[1..]);
    let batch = Batch {
        tokens: tokens[..targets.len()].to_vec(),
        targets: targets.to_vec(),
        weights: vec![1.0; targets.len()],
        documents: vec![0, targets.len()],
    };
    let mut model = Model::new(Cpu::new(), config.clone(), &params)?;
    let ours = model.logits(&batch, config.rope_theta)?;
    let theirs = candle_logits(&config, &params, &batch.tokens)?;
    let (difference, size) = compare(&ours, &theirs);
    println!("{} tokens: largest difference {difference:e}, largest logit {size}", batch.len());
    assert!(difference < 1e-3, "{difference} of {size}");

    // Both would agree on weights in a wrong order; only the right ones read English.
    let stats = model.loss(&batch, config.rope_theta, 0.0)?;
    println!("loss {} nats a token", stats.loss);
    assert!(stats.loss < 3.0, "{}", stats.loss);
    Ok(())
}
