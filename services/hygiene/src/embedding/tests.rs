use std::collections::HashMap;
use std::path::Path;

use candle_core::{Device, Tensor};
use serde_json::json;
use tempfile::TempDir;

use super::*;

/// Writes a BERT of one layer with weights that follow from their names and places.
pub(crate) fn tiny_bert(dir: &Path) {
    let (hidden, inner, words) =
        (8usize, 16usize, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c"]);
    let config = json!({
        "vocab_size": words.len(), "hidden_size": hidden, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": inner, "hidden_act": "gelu", "hidden_dropout_prob": 0.0,
        "max_position_embeddings": 16, "type_vocab_size": 2, "initializer_range": 0.02,
        "layer_norm_eps": 1e-12, "pad_token_id": 0, "model_type": "bert",
    });
    std::fs::write(dir.join("config.json"), config.to_string()).unwrap();
    let vocab: HashMap<_, _> = words.iter().zip(0..).collect();
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
        "pre_tokenizer": {"type": "Whitespace"}, "decoder": null,
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
        "model": {"type": "WordLevel", "vocab": vocab, "unk_token": "[UNK]"},
    });
    std::fs::write(dir.join("tokenizer.json"), tokenizer.to_string()).unwrap();
    let mut weights: HashMap<String, Tensor> = HashMap::new();
    let mut add = |name: &str, shape: &[usize]| {
        let count: usize = shape.iter().product();
        let seed = name.bytes().map(usize::from).sum::<usize>();
        let norm = name.ends_with("LayerNorm.weight");
        let value =
            |at: usize| ((at * 7 + seed) % 11) as f32 / 11.0 - 0.5 + f32::from(u8::from(norm));
        let values: Vec<f32> = (0..count).map(value).collect();
        weights.insert(name.to_owned(), Tensor::from_vec(values, shape, &Device::Cpu).unwrap());
    };
    add("embeddings.word_embeddings.weight", &[words.len(), hidden]);
    add("embeddings.position_embeddings.weight", &[16, hidden]);
    add("embeddings.token_type_embeddings.weight", &[2, hidden]);
    let norm = |name: &str, add: &mut dyn FnMut(&str, &[usize])| {
        add(&format!("{name}.LayerNorm.weight"), &[hidden]);
        add(&format!("{name}.LayerNorm.bias"), &[hidden]);
    };
    norm("embeddings", &mut add);
    let layer = "encoder.layer.0";
    for (name, out, of) in [
        ("attention.self.query", hidden, hidden),
        ("attention.self.key", hidden, hidden),
        ("attention.self.value", hidden, hidden),
        ("attention.output.dense", hidden, hidden),
        ("intermediate.dense", inner, hidden),
        ("output.dense", hidden, inner),
    ] {
        add(&format!("{layer}.{name}.weight"), &[out, of]);
        add(&format!("{layer}.{name}.bias"), &[out]);
    }
    norm(&format!("{layer}.attention.output"), &mut add);
    norm(&format!("{layer}.output"), &mut add);
    candle_core::safetensors::save(&weights, dir.join("model.safetensors")).unwrap();
}

#[test]
fn vectors_have_length_one_and_depend_on_the_text_alone() {
    let dir = TempDir::new().unwrap();
    tiny_bert(dir.path());
    let embedder = Embedder::open(dir.path()).unwrap();
    let all: Vec<_> =
        ["a b", "b a", "c", "", "a b"].map(|text| embedder.embed(text).unwrap()).into();
    for vector in &all {
        assert_eq!(vector.len(), embedder.dimensions());
        assert!((cosine(vector, vector) - 1.0).abs() < 1e-5);
    }
    assert_eq!(all[0], all[4]);
    assert_ne!(all[0], all[1]);
    // Beyond the window nothing is read.
    let long = "a ".repeat(100);
    assert_eq!(embedder.embed(&long).unwrap(), embedder.embed(&format!("{long} c")).unwrap());
}

#[test]
fn what_is_missing_or_other_is_named() {
    for (file, content, part) in [
        ("config.json", Some("{"), "config.json: "),
        ("config.json", None, "config.json: "),
        ("tokenizer.json", Some("{}"), "tokenizer.json: "),
        ("model.safetensors", Some("?"), "model.safetensors: "),
        (
            "1_Pooling/config.json",
            Some(r#"{"pooling_mode_cls_token":true}"#),
            "does not pool by the mean",
        ),
    ] {
        let dir = TempDir::new().unwrap();
        tiny_bert(dir.path());
        let path = dir.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match content {
            Some(content) => std::fs::write(&path, content).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        let error = Embedder::open(dir.path()).unwrap_err().to_string();
        assert!(error.contains(part), "{file}: {error}");
    }
}
