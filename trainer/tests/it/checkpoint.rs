//! Checkpoints: what we write is what we read, what others read, and bad ones are refused by name.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::llama::{Cache, Llama, LlamaConfig};
use lehr_trainer::checkpoint::{Checkpoint, Dtype};
use lehr_trainer::engine::cpu::Cpu;
use lehr_trainer::model::{Batch, Model};
use safetensors::tensor::TensorView;
use serde_json::{Value, json};

use crate::common;

#[test]
fn round_trip_and_carried_files() {
    for (tied, dtype) in [(true, Dtype::F32), (false, Dtype::F32), (true, Dtype::Bf16)] {
        let home = tempfile::tempdir().unwrap();
        let (first, second) = (home.path().join("a"), home.path().join("b"));
        let written = common::write_checkpoint(&first, tied, dtype);
        let read = Checkpoint::read(&first).unwrap();
        assert_eq!(read.config.model, written.config.model);
        for (a, b) in read.params.iter().zip(written.params.iter()) {
            assert_eq!((&a.name, &a.shape), (&b.name, &b.shape));
            let bound = if dtype == Dtype::F32 { 0.0 } else { 1.0 / 256.0 };
            let close = |(x, y): (&f32, &f32)| (x - y).abs() <= bound * y.abs();
            assert!(a.values.iter().zip(&b.values).all(close), "{}", a.name);
        }
        read.write(&second, dtype).unwrap();
        for name in ["model.safetensors", "config.json", "tokenizer.json", "generation_config.json"]
        {
            let bytes = |place: &Path| fs::read(place.join(name)).unwrap();
            assert!(bytes(&first) == bytes(&second), "{name} is the same the second time");
        }
    }
}

#[test]
fn candle_loads_what_we_write() {
    for tied in [true, false] {
        let home = tempfile::tempdir().unwrap();
        let place = home.path().join("ckpt");
        let ours = common::write_checkpoint(&place, tied, Dtype::F32);
        let config: LlamaConfig =
            serde_json::from_slice(&fs::read(place.join("config.json")).unwrap()).unwrap();
        let config = config.into_config(false);
        let tensors = candle_core::safetensors::load(place.join("model.safetensors"), &Device::Cpu);
        let vb = VarBuilder::from_tensors(tensors.unwrap(), DType::F32, &Device::Cpu);
        let llama = Llama::load(vb, &config).unwrap();
        let mut cache = Cache::new(false, DType::F32, &config, &Device::Cpu).unwrap();
        let ids: Vec<u32> = (0..24).map(|i| (i * 37) % 300).collect();
        let input = Tensor::new(ids.as_slice(), &Device::Cpu).unwrap().unsqueeze(0).unwrap();
        // Candle gives the logits of the last position.
        let theirs = llama.forward(&input, 0, &mut cache).unwrap().flatten_all().unwrap();
        let theirs: Vec<f32> = theirs.to_vec1().unwrap();
        let batch = Batch {
            targets: ids.clone(),
            weights: vec![1.0; ids.len()],
            documents: vec![0, ids.len()],
            tokens: ids,
        };
        let mut model = Model::new(Cpu::new(), ours.config.model, &ours.params).unwrap();
        let logits = model.logits(&batch, 1e4).unwrap();
        for (a, b) in logits[logits.len() - 300..].iter().zip(&theirs) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
        tokenizers::Tokenizer::from_file(place.join("tokenizer.json")).unwrap();
    }
}

#[test]
fn shards_are_put_together() {
    let home = tempfile::tempdir().unwrap();
    let written = common::write_checkpoint(home.path(), false, Dtype::F32);
    let single = home.path().join("model.safetensors");
    let tensors = candle_core::safetensors::load(&single, &Device::Cpu).unwrap();
    fs::remove_file(single).unwrap();
    let mut shards: [HashMap<String, Tensor>; 2] = Default::default();
    let mut map = serde_json::Map::new();
    for (at, (name, tensor)) in tensors.into_iter().enumerate() {
        map.insert(name.clone(), json!(format!("model-{}.safetensors", at % 2)));
        shards[at % 2].insert(name, tensor);
    }
    for (at, shard) in shards.iter().enumerate() {
        let path = home.path().join(format!("model-{at}.safetensors"));
        candle_core::safetensors::save(shard, path).unwrap();
    }
    let index = home.path().join("model.safetensors.index.json");
    fs::write(&index, json!({"metadata": {}, "weight_map": map}).to_string()).unwrap();
    assert_eq!(Checkpoint::read(home.path()).unwrap().params, written.params);

    map.insert("x".into(), json!("../x.safetensors"));
    fs::write(&index, json!({"weight_map": map}).to_string()).unwrap();
    let message = Checkpoint::read(home.path()).unwrap_err().to_string();
    assert!(message.contains("not a plain file name"), "{message}");
}

/// Edits the tensors of a checkpoint; bytes and shapes as they come.
type Edit = fn(&mut HashMap<String, (safetensors::Dtype, Vec<usize>, Vec<u8>)>);

#[test]
fn bad_weights_are_named() {
    let head = "lm_head.weight";
    let norm = "model.norm.weight";
    let file = "model.safetensors";
    // A tensor that is in no file is missing in the directory.
    let cases: [(Edit, &str, &[&str]); 5] = [
        (|t| drop(t.remove("model.norm.weight")), "", &[norm, "is missing", "download"]),
        (|t| drop(t.remove("lm_head.weight")), "", &[head, "is missing", "tie_word_embeddings"]),
        (
            |t| {
                drop(t.insert("model.extra".into(), (safetensors::Dtype::F32, vec![1], vec![0; 4])))
            },
            file,
            &["model.extra", "is not part of the model", "config.json"],
        ),
        (
            |t| {
                drop(t.insert(
                    "model.norm.weight".into(),
                    (safetensors::Dtype::F32, vec![2], vec![0; 8]),
                ))
            },
            file,
            &[norm, "has shape [2]", "asks for [32]"],
        ),
        (
            |t| {
                drop(t.insert(
                    "model.norm.weight".into(),
                    (safetensors::Dtype::I8, vec![32], vec![0; 32]),
                ))
            },
            file,
            &[norm, "I8", "convert"],
        ),
    ];
    for (edit, file, parts) in cases {
        let home = tempfile::tempdir().unwrap();
        common::write_checkpoint(home.path(), false, Dtype::F32);
        let path = home.path().join("model.safetensors");
        let bytes = fs::read(&path).unwrap();
        let read = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let mut tensors = read
            .iter()
            .map(|(name, view)| {
                (name.to_owned(), (view.dtype(), view.shape().to_vec(), view.data().to_vec()))
            })
            .collect();
        edit(&mut tensors);
        let views = tensors.iter().map(|(name, (dtype, shape, data))| {
            (name.clone(), TensorView::new(*dtype, shape.clone(), data).unwrap())
        });
        safetensors::serialize_to_file(views, None, &path).unwrap();
        let message = Checkpoint::read(home.path()).unwrap_err().to_string();
        let named = match file {
            "" => format!("{}: ", home.path().display()),
            file => format!("{}: ", home.path().join(file).display()),
        };
        assert!(message.starts_with(&named), "{named:?} does not begin {message:?}");
        assert!(parts.iter().all(|part| message.contains(part)), "{parts:?} in {message}");
    }
}

#[test]
fn damaged_files_are_named() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("ckpt");
    common::write_checkpoint(&place, true, Dtype::F32);
    let weights = place.join("model.safetensors");
    let whole = fs::read(&weights).unwrap();
    fs::write(&weights, &whole[..whole.len() / 2]).unwrap();
    let message = Checkpoint::read(&place).unwrap_err().to_string();
    assert!(message.contains("model.safetensors") && message.contains("not a whole"), "{message}");
    fs::remove_file(&weights).unwrap();
    let message = Checkpoint::read(&place).unwrap_err().to_string();
    assert!(message.contains("has no model.safetensors; download"), "{message}");
    fs::write(place.join("pytorch_model.bin"), "pickled").unwrap();
    let message = Checkpoint::read(&place).unwrap_err().to_string();
    assert!(
        message.contains("pytorch_model.bin") && message.contains("save_pretrained"),
        "{message}"
    );
    fs::write(place.join("config.json"), "{").unwrap();
    let message = Checkpoint::read(&place).unwrap_err().to_string();
    assert!(message.contains("config.json") && message.contains("not a JSON"), "{message}");
}

#[test]
fn an_existing_checkpoint_is_never_written_over() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("ckpt");
    let written = common::write_checkpoint(&place, true, Dtype::F32);
    let message = written.write(&place, Dtype::Bf16).unwrap_err().to_string();
    assert!(message.contains("already exists"), "{message}");
    let config: Value =
        serde_json::from_slice(&fs::read(place.join("config.json")).unwrap()).unwrap();
    assert_eq!(config["torch_dtype"], "float32");
}
