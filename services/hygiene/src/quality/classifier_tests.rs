use std::collections::HashMap;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::embedding::tests::tiny_bert;

/// Gives the tiny BERT a head of classification.
fn head(dir: &Path, labels: &[&str]) {
    let path = dir.join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let names: HashMap<String, &str> =
        labels.iter().enumerate().map(|(at, name)| (at.to_string(), *name)).collect();
    config["id2label"] = json!(names);
    fs::write(&path, config.to_string()).unwrap();
    let path = dir.join("model.safetensors");
    let weights = candle_core::safetensors::load(&path, &Device::Cpu).unwrap();
    let mut weights: HashMap<String, Tensor> =
        weights.into_iter().map(|(name, tensor)| (format!("bert.{name}"), tensor)).collect();
    let mut add = |name: &str, shape: &[usize], step: usize| {
        let count: usize = shape.iter().product();
        let values: Vec<f32> =
            (0..count).map(|at| ((at * step) % 13) as f32 / 13.0 - 0.4).collect();
        weights.insert(name.to_owned(), Tensor::from_vec(values, shape, &Device::Cpu).unwrap());
    };
    add("bert.pooler.dense.weight", &[8, 8], 5);
    add("bert.pooler.dense.bias", &[8], 3);
    add("classifier.weight", &[labels.len(), 8], 7);
    add("classifier.bias", &[labels.len()], 11);
    candle_core::safetensors::save(&weights, path).unwrap();
}

fn rows(weights: &HashMap<String, Tensor>, name: &str) -> Vec<Vec<f64>> {
    let tensor = &weights[name];
    let tensor = if tensor.rank() == 1 { tensor.unsqueeze(0).unwrap() } else { tensor.clone() };
    let rows: Vec<Vec<f32>> = tensor.to_vec2().unwrap();
    rows.into_iter().map(|row| row.into_iter().map(f64::from).collect()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The values of the labels by the formulas of the paper, number by number.
fn by_hand(dir: &Path, ids: &[usize]) -> Vec<f64> {
    let weights =
        candle_core::safetensors::load(dir.join("model.safetensors"), &Device::Cpu).unwrap();
    let get = |name: &str| rows(&weights, name);
    let linear = |x: &[f64], name: &str| -> Vec<f64> {
        let bias = get(&format!("{name}.bias")).remove(0);
        get(&format!("{name}.weight")).iter().zip(bias).map(|(row, b)| dot(row, x) + b).collect()
    };
    let norm = |x: &[f64], name: &str| -> Vec<f64> {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
        let (scale, bias) =
            (get(&format!("{name}.weight")).remove(0), get(&format!("{name}.bias")).remove(0));
        x.iter()
            .zip(scale)
            .zip(bias)
            .map(|((x, s), b)| (x - mean) / (variance + 1e-12).sqrt() * s + b)
            .collect()
    };
    let add = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a + b).collect() };
    // The integral of the normal density from 0, by Simpson's rule.
    let gelu = |x: f64| {
        let density = |t: f64| (-t * t / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let step = x / 200.0;
        let part = |k: i32| {
            let weight = if k == 0 || k == 200 {
                1.0
            } else if k % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * density(f64::from(k) * step)
        };
        x * (0.5 + (0..=200).map(part).sum::<f64>() * step / 3.0)
    };
    let (words, places) = (
        get("bert.embeddings.word_embeddings.weight"),
        get("bert.embeddings.position_embeddings.weight"),
    );
    let kind = get("bert.embeddings.token_type_embeddings.weight").remove(0);
    let states: Vec<Vec<f64>> = ids
        .iter()
        .enumerate()
        .map(|(at, id)| {
            norm(&add(&add(&words[*id], &places[at]), &kind), "bert.embeddings.LayerNorm")
        })
        .collect();
    let layer = "bert.encoder.layer.0";
    let project = |name: &str| -> Vec<Vec<f64>> {
        states.iter().map(|x| linear(x, &format!("{layer}.attention.self.{name}"))).collect()
    };
    let (queries, keys, values) = (project("query"), project("key"), project("value"));
    // Only the first token's state is asked for.
    let mut context = Vec::new();
    for head in [0..4, 4..8] {
        let scores: Vec<f64> = keys
            .iter()
            .map(|key| (dot(&queries[0][head.clone()], &key[head.clone()]) / 2.0).exp())
            .collect();
        let total: f64 = scores.iter().sum();
        for at in head {
            context.push(scores.iter().zip(&values).map(|(s, v)| s / total * v[at]).sum());
        }
    }
    let attended = linear(&context, &format!("{layer}.attention.output.dense"));
    let attended =
        norm(&add(&attended, &states[0]), &format!("{layer}.attention.output.LayerNorm"));
    let inner: Vec<f64> =
        linear(&attended, &format!("{layer}.intermediate.dense")).into_iter().map(gelu).collect();
    let out = linear(&inner, &format!("{layer}.output.dense"));
    let out = norm(&add(&out, &attended), &format!("{layer}.output.LayerNorm"));
    let pooled: Vec<f64> = linear(&out, "bert.pooler.dense").into_iter().map(f64::tanh).collect();
    linear(&pooled, "classifier")
}

#[test]
fn scores_are_those_of_the_formulas() {
    // [CLS] a b c [SEP], see the tokenizer of `tiny_bert`.
    let ids = [2, 4, 5, 6, 3];
    let dir = TempDir::new().unwrap();
    tiny_bert(dir.path());
    head(dir.path(), &["Low", "High", "Medium"]);
    let classifier = SequenceClassifier::open(dir.path()).unwrap();
    let values = by_hand(dir.path(), &ids);
    let shares: Vec<f64> = values.iter().map(|value| value.exp()).collect();
    let expected = (shares[0] + 5.0 * shares[1] + 3.0 * shares[2]) / shares.iter().sum::<f64>();
    let scores = classifier.score(&["a b c", "", "c", "a b c"]).unwrap();
    assert!((f64::from(scores[0]) - expected).abs() < 1e-4, "{scores:?} {expected}");
    assert_eq!(scores[0], scores[3]);
    assert_ne!(scores[0], scores[2]);

    let dir = TempDir::new().unwrap();
    tiny_bert(dir.path());
    head(dir.path(), &["LABEL_0"]);
    let values = by_hand(dir.path(), &ids);
    let score = SequenceClassifier::open(dir.path()).unwrap().score(&["a b c"]).unwrap()[0];
    assert!((f64::from(score) - values[0].clamp(1.0, 5.0)).abs() < 1e-4, "{score} {values:?}");
}

#[test]
fn what_cannot_be_run_is_named() {
    let change = |key: &str, value: Value| {
        let key = key.to_owned();
        move |dir: &Path| {
            let path = dir.join("config.json");
            let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            config[&key] = value.clone();
            fs::write(path, config.to_string()).unwrap();
        }
    };
    type Change = Box<dyn Fn(&Path)>;
    let cases: Vec<(Change, &str)> = vec![
        (Box::new(change("model_type", json!("gpt2"))), "\"gpt2\" cannot be run"),
        (Box::new(change("model_type", json!("distilbert"))), "configuration"),
        (Box::new(change("problem_type", json!("multi_label_classification"))), "several labels"),
        (Box::new(change("id2label", json!({"0": "cat", "1": "dog"}))), "\"cat\""),
        (Box::new(change("id2label", json!({"0": "low", "1": "high"}))), "lacks weights"),
        (Box::new(|dir| fs::remove_file(dir.join("tokenizer.json")).unwrap()), "tokenizer.json"),
        (
            Box::new(|dir| fs::write(dir.join("model.safetensors"), "?").unwrap()),
            "model.safetensors",
        ),
        (Box::new(|dir| fs::write(dir.join("config.json"), "{}").unwrap()), "config.json"),
    ];
    for (change, part) in cases {
        let dir = TempDir::new().unwrap();
        tiny_bert(dir.path());
        head(dir.path(), &["1", "2", "3"]);
        change(dir.path());
        let error = SequenceClassifier::open(dir.path()).unwrap_err().to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}
