//! What must hold for the model as a whole: it learns, clips, resumes, and refuses bad input.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::engine::cpu::Cpu;
use crate::optim::matrix_lr_scale;

fn config(tied: bool) -> ModelConfig {
    ModelConfig {
        vocab_size: 61,
        d_model: 32,
        d_ffn: 64,
        n_layers: 2,
        n_heads: 4,
        n_kv_heads: 2,
        head_dim: 8,
        rms_eps: 1e-5,
        rope_theta: 10_000.0,
        tied,
        qkv_bias: !tied,
        max_positions: 64,
    }
}

fn model(tied: bool) -> Model<Cpu> {
    let config = config(tied);
    Model::new(Cpu::new(), config.clone(), &Params::random(&config, 1, 0.1)).unwrap()
}

fn batch(seed: u32) -> Batch {
    let tokens: Vec<u32> = (0..49u32).map(|i| (i * i * 7 + i * seed + 3) % 61).collect();
    Batch {
        tokens: tokens[..48].to_vec(),
        targets: tokens[1..].to_vec(),
        weights: vec![1.0; 48],
        documents: vec![0, 20, 48],
    }
}

/// One step on the mean loss of a batch.
fn train(model: &mut Model<Cpu>, batch: &Batch, step: &OptimStep) -> (LossStats, f64) {
    let scale = 1.0 / batch.weight() as f32;
    let stats = model.accumulate(batch, 10_000.0, 1e-4, scale).unwrap();
    (stats, model.step(step).unwrap())
}

#[test]
fn memorises_a_batch() {
    for tied in [true, false] {
        let (mut model, batch) = (model(tied), batch(5));
        let first = model.loss(&batch, 10_000.0, 1e-4).unwrap();
        assert!((first.loss - 61f64.ln()).abs() < 1.0, "{}", first.loss);
        for step in 1..=120 {
            train(&mut model, &batch, &OptimStep::recipe(step, 1e-2));
        }
        let last = model.loss(&batch, 10_000.0, 1e-4).unwrap();
        assert!(last.loss < 0.05, "{}", last.loss);
        assert!(last.layer_variance.iter().all(|variance| *variance > 0.0));
    }
}

#[test]
fn loss_and_accumulate_see_the_same() {
    let (mut model, batch) = (model(true), batch(5));
    let forward = model.loss(&batch, 10_000.0, 1e-2).unwrap();
    assert_eq!(forward, model.accumulate(&batch, 10_000.0, 1e-2, 1.0).unwrap());
    assert!(forward.z_loss > 0.0);
    assert_eq!(forward.weight, 48.0);
}

#[test]
fn micro_batches_add_up_to_one_row() {
    let (mut whole, mut split) = (model(false), model(false));
    let batch = batch(5);
    whole.accumulate(&batch, 10_000.0, 1e-4, 1.0 / 48.0).unwrap();
    for range in [0..20, 20..48] {
        let part = Batch {
            tokens: batch.tokens[range.clone()].to_vec(),
            targets: batch.targets[range.clone()].to_vec(),
            weights: batch.weights[range.clone()].to_vec(),
            documents: vec![0, range.len()],
        };
        split.accumulate(&part, 10_000.0, 1e-4, 1.0 / 48.0).unwrap();
    }
    for (a, b) in whole.gradients().unwrap().iter().zip(split.gradients().unwrap()) {
        let size = a.values.iter().fold(0.0f32, |size, x| size.max(x.abs()));
        for (x, y) in a.values.iter().zip(&b.values) {
            assert!((x - y).abs() <= 1e-5 * size, "{}: {x} and {y}", a.name);
        }
    }
}

#[test]
fn a_step_clips_and_spares_vectors_from_decay() {
    let (mut model, batch) = (model(false), batch(5));
    // No gradient at all: what changes is decay.
    let before = model.params().unwrap();
    let step = OptimStep { matrix_lr_scale: 0.25, ..OptimStep::recipe(1, 0.1) };
    assert_eq!(model.step(&step).unwrap(), 0.0);
    for (before, after) in before.iter().zip(&model.params().unwrap()) {
        let table = before.name.contains("embed") || before.name.contains("lm_head");
        let keep = match before.shape.len() {
            1 => 1.0,
            _ if table => 1.0 - 0.1 * 0.1,
            _ => 1.0 - 0.1 * 0.25 * 0.1,
        };
        for (before, after) in before.values.iter().zip(&after.values) {
            assert!((before * keep - after).abs() < 1e-6, "{before} to {after}, {keep}");
        }
    }

    model.accumulate(&batch, 10_000.0, 0.0, 1.0).unwrap();
    let norm = |values: &mut dyn Iterator<Item = f32>| {
        values.map(|x| f64::from(x).powi(2)).sum::<f64>().sqrt()
    };
    let gradients = model.gradients().unwrap();
    let before = norm(&mut gradients.iter().flat_map(|param| param.values.iter().copied()));
    let found = model.step(&OptimStep { clip: before / 4.0, ..OptimStep::recipe(2, 0.0) }).unwrap();
    assert!((found / before - 1.0).abs() < 1e-5, "the norm before clipping");
    // Of a first moment of 0, what a step adds is a tenth of the clipped gradient.
    let moments = model.optimizer_state().unwrap();
    let first = norm(&mut moments.iter().flat_map(|moments| moments.first.iter().copied()));
    assert!((first / (0.1 * before / 4.0) - 1.0).abs() < 1e-4);
    assert!(model.gradients().unwrap().iter().all(|param| param.values.iter().all(|x| *x == 0.0)));
    assert_eq!(matrix_lr_scale(1920), 1.0 / 7.5);
}

#[test]
fn moments_carry_over() {
    let mut straight = model(false);
    for step in 1..=4 {
        train(&mut straight, &batch(step as u32), &OptimStep::recipe(step, 1e-2));
    }
    let mut first = model(false);
    for step in 1..=2 {
        train(&mut first, &batch(step as u32), &OptimStep::recipe(step, 1e-2));
    }
    let (params, moments) = (first.params().unwrap(), first.optimizer_state().unwrap());
    let mut second = Model::new(Cpu::new(), config(false), &params).unwrap();
    second.load_optimizer_state(&moments).unwrap();
    for step in 3..=4 {
        train(&mut second, &batch(step as u32), &OptimStep::recipe(step, 1e-2));
    }
    assert!(straight.params().unwrap() == second.params().unwrap());
    assert!(straight.optimizer_state().unwrap() == second.optimizer_state().unwrap());

    let error = second.load_optimizer_state(&moments[1..]).unwrap_err().to_string();
    assert!(error.contains("model.embed_tokens.weight"), "{error}");
}

#[test]
fn parameters_come_back_as_they_went() {
    for tied in [true, false] {
        let params = Params::random(&config(tied), 8, 1.0);
        let mut model = Model::new(Cpu::new(), config(tied), &params).unwrap();
        assert!(model.params().unwrap() == params);
    }
}

#[test]
fn a_gradient_that_is_not_finite_changes_nothing() {
    let mut params = Params::random(&config(true), 1, 0.1);
    let name = "model.layers.1.mlp.down_proj.weight";
    for param in params.iter_mut().filter(|param| param.name == name) {
        param.values[3] = f32::NAN;
    }
    let mut model = Model::new(Cpu::new(), config(true), &params).unwrap();
    let stats = model.accumulate(&batch(5), 10_000.0, 0.0, 1.0).unwrap();
    assert!(stats.loss.is_nan());
    let before: Vec<_> = model.params().unwrap().iter().flat_map(|p| p.values.clone()).collect();
    let error = model.step(&OptimStep::recipe(7, 1e-2)).unwrap_err();
    assert!(matches!(error, ModelError::NotFinite { step: 7, .. }), "{error}");
    let remedy = "a new run with --from OUT/checkpoints/step-N";
    assert!(error.to_string().contains(remedy), "{error}");
    let after: Vec<_> = model.params().unwrap().iter().flat_map(|p| p.values.clone()).collect();
    assert!(before.iter().zip(&after).all(|(a, b)| a.to_bits() == b.to_bits()));
}

#[test]
fn masked_targets_do_not_count() {
    let (mut model, mut batch) = (model(true), batch(5));
    batch.weights[10..].fill(0.0);
    let stats = model.accumulate(&batch, 10_000.0, 1e-4, 1.0).unwrap();
    assert_eq!(stats.weight, 10.0);
    let gradients = model.gradients().unwrap();
    batch.targets[10..].fill(0);
    let mut model = self::model(true);
    assert_eq!(stats, model.accumulate(&batch, 10_000.0, 1e-4, 1.0).unwrap());
    assert!(gradients == model.gradients().unwrap());
    batch.weights.fill(0.0);
    let stats = model.loss(&batch, 10_000.0, 1e-4).unwrap();
    assert_eq!((stats.loss, stats.weight), (0.0, 0.0));
}

#[test]
fn bad_batches_are_refused() {
    let mut model = model(true);
    type Spoil = fn(&mut Batch);
    let cases: [(&str, Spoil); 9] = [
        ("no tokens", |batch| batch.tokens.clear()),
        ("47 targets", |batch| batch.targets.truncate(47)),
        ("49 weights", |batch| batch.weights.push(1.0)),
        ("token 3 of the batch is 61", |batch| batch.tokens[3] = 61),
        ("target 0 of the batch is 4294967295", |batch| batch.targets[0] = u32::MAX),
        ("weight 1 of the batch is NaN", |batch| batch.weights[1] = f32::NAN),
        ("weight 2 of the batch is -1", |batch| batch.weights[2] = -1.0),
        ("rise strictly from 0 to 48; found [0, 20, 20, 48]", |batch| {
            batch.documents.insert(1, 20);
        }),
        ("found []", |batch| batch.documents.clear()),
    ];
    for (expected, spoil) in cases {
        let mut batch = batch(5);
        spoil(&mut batch);
        let error = model.accumulate(&batch, 10_000.0, 0.0, 1.0).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    assert!(model.loss(&batch(5), f64::NAN, 0.0).is_err());
    // The model is as usable as before.
    assert!(model.loss(&batch(5), 10_000.0, 0.0).is_ok());
}

#[test]
fn bad_configurations_and_parameters_are_refused() {
    let good = config(false);
    let params = Params::random(&good, 1, 0.1);
    for (expected, bad) in [
        ("`d_ffn` is 0", ModelConfig { d_ffn: 0, ..good.clone() }),
        ("`n_layers` is 2147483647", ModelConfig { n_layers: 0x7fff_ffff, ..good.clone() }),
        ("`n_heads` is 8192", ModelConfig { n_heads: 8192, ..good.clone() }),
        ("4 query heads", ModelConfig { n_kv_heads: 3, ..good.clone() }),
        ("head_dim is 7", ModelConfig { head_dim: 7, ..good.clone() }),
        ("`rms_eps` is 0", ModelConfig { rms_eps: 0.0, ..good.clone() }),
        ("has shape [64, 32]", ModelConfig { d_ffn: 65, ..good.clone() }),
        ("no `model.layers.2.input_layernorm.weight`", ModelConfig { n_layers: 3, ..good.clone() }),
    ] {
        let error = Model::new(Cpu::new(), bad, &params).err().unwrap().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let named = |change: &dyn Fn(&mut Param)| {
        Params::from_named(&good, |name| {
            let mut param = params.get(name)?.clone();
            change(&mut param);
            Some((param.shape, param.values))
        })
    };
    assert_eq!(named(&|_| ()), Ok(params.clone()));
    assert!(matches!(named(&|p| p.shape.reverse()), Err(ParamsError::Shape { .. })));
    assert!(matches!(named(&|p| p.values.truncate(3)), Err(ParamsError::Length { .. })));
    assert!(matches!(Params::from_named(&good, |_| None), Err(ParamsError::Missing(_))));
}
