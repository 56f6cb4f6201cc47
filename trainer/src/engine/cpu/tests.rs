//! What must hold for the CPU engine beyond the checks that every engine passes.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::engine::check::{F32_BOUND, selftest};
use crate::model::{Model, ModelConfig, Params};
use crate::optim::OptimStep;

fn small(tied: bool) -> ModelConfig {
    ModelConfig {
        vocab_size: 97,
        d_model: 48,
        d_ffn: 80,
        n_layers: 2,
        n_heads: 6,
        n_kv_heads: 2,
        head_dim: 8,
        rms_eps: 1e-5,
        rope_theta: 10_000.0,
        tied,
        qkv_bias: !tied,
        max_positions: 512,
    }
}

fn row(length: usize, documents: &[usize], seed: usize) -> Batch {
    let token = |i: usize| ((i * i * 31 + i * seed + 7) % 97) as u32;
    Batch {
        tokens: (0..length).map(token).collect(),
        targets: (1..=length).map(token).collect(),
        weights: vec![1.0; length],
        documents: documents.to_vec(),
    }
}

#[test]
fn agrees_with_the_mathematics() {
    let checks = selftest(|| Ok(Cpu::new()), F32_BOUND).unwrap();
    assert!(checks.len() > 80, "{} checks", checks.len());
    let failed: Vec<_> = checks.iter().filter(|check| !check.passed()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_chunk_of_the_loss_does_not_matter() {
    let run = |chunk_values: usize| {
        let engine = Cpu { chunk_values, ..Cpu::new() };
        let config = small(false);
        let mut model =
            Model::new(engine, config.clone(), &Params::random(&config, 1, 0.2)).unwrap();
        let mut batch = row(150, &[0, 60, 150], 3);
        batch.weights[40..90].fill(0.0);
        let stats = model.accumulate(&batch, 10_000.0, 1e-2, 1.0).unwrap();
        (stats.loss, stats.z_loss, model.gradients().unwrap())
    };
    let whole = run(150 * 97);
    for rows in [1, 7, 25, 149] {
        let chunked = run(rows * 97);
        assert!((whole.0 - chunked.0).abs() < 1e-6 && (whole.1 - chunked.1).abs() < 1e-6);
        for (a, b) in whole.2.iter().zip(&chunked.2) {
            let size = a.values.iter().fold(0.0f32, |size, x| size.max(x.abs()));
            for (x, y) in a.values.iter().zip(&b.values) {
                assert!((x - y).abs() <= 1e-5 * size, "{}: {x} and {y}", a.name);
            }
        }
    }
}

#[test]
fn a_document_does_not_see_another() {
    let config = small(true);
    let mut model =
        Model::new(Cpu::new(), config.clone(), &Params::random(&config, 2, 0.3)).unwrap();
    let documents = [0, 50, 180, 200];
    let batch = row(200, &documents, 5);
    let before = model.logits(&batch, 10_000.0).unwrap();
    let mut changed = batch.clone();
    changed.tokens[50..180].iter_mut().for_each(|token| *token = (*token + 1) % 97);
    let after = model.logits(&changed, 10_000.0).unwrap();
    let (own, others) = (50 * 97..180 * 97, [0..50 * 97, 180 * 97..200 * 97]);
    assert_ne!(before[own.clone()], after[own]);
    for other in others {
        assert_eq!(before[other.clone()], after[other]);
    }
    // And a document alone is what it is among others, up to the order of sums in products.
    let alone = Batch {
        tokens: batch.tokens[50..180].to_vec(),
        targets: batch.targets[50..180].to_vec(),
        weights: batch.weights[50..180].to_vec(),
        documents: vec![0, 130],
    };
    let alone = model.logits(&alone, 10_000.0).unwrap();
    for (a, b) in alone.iter().zip(&before[50 * 97..180 * 97]) {
        assert!((a - b).abs() < 1e-4, "{a} and {b}");
    }
}

#[test]
fn a_token_does_not_see_what_follows() {
    let config = small(true);
    let mut model =
        Model::new(Cpu::new(), config.clone(), &Params::random(&config, 2, 0.3)).unwrap();
    let batch = row(150, &[0, 150], 5);
    let before = model.logits(&batch, 10_000.0).unwrap();
    for at in [1, 63, 64, 100, 149] {
        let mut changed = batch.clone();
        changed.tokens[at] = (changed.tokens[at] + 1) % 97;
        let after = model.logits(&changed, 10_000.0).unwrap();
        assert_eq!(before[..at * 97], after[..at * 97]);
        assert_ne!(before[at * 97..], after[at * 97..]);
    }
}

#[test]
fn a_run_repeats_to_the_bit() {
    let run = || {
        let config = small(false);
        let mut model =
            Model::new(Cpu::new(), config.clone(), &Params::random(&config, 4, 0.2)).unwrap();
        let mut losses = Vec::new();
        for step in 1..=3 {
            for seed in [3, 4] {
                let batch = row(300, &[0, 10, 170, 300], seed);
                let stats = model.accumulate(&batch, 10_000.0, 1e-4, 1.0 / 600.0).unwrap();
                losses.push((stats.loss.to_bits(), stats.layer_variance));
            }
            let norm = model.step(&OptimStep::recipe(step, 1e-2)).unwrap();
            losses.push((norm.to_bits(), Vec::new()));
        }
        (losses, model.params().unwrap(), model.optimizer_state().unwrap())
    };
    assert!(run() == run());
}
