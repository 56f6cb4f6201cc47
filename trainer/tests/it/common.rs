//! A tiny random checkpoint with a byte tokenizer, and documents to train it on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use lehr_trainer::checkpoint::{Carried, Checkpoint, Dtype, HfConfig};
use lehr_trainer::model::{ModelConfig, Params};
use serde_json::{Value, json};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;

/// The id of the token that ends a document and a turn.
pub const EOS: u32 = 258;

pub const CHATML: &str = "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' \
                          + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}";

pub fn model(tied: bool) -> ModelConfig {
    ModelConfig {
        vocab_size: 300,
        d_model: 32,
        d_ffn: 48,
        n_layers: 2,
        n_heads: 4,
        n_kv_heads: 2,
        head_dim: 8,
        rms_eps: 1e-5,
        rope_theta: 1e4,
        tied,
        qkv_bias: false,
        max_positions: 64,
    }
}

/// Writes a random checkpoint with tokenizer into `place`.
pub fn write_checkpoint(place: &Path, tied: bool, dtype: Dtype) -> Checkpoint {
    let carried = tempfile::tempdir().unwrap();
    fs::write(carried.path().join("tokenizer.json"), tokenizer().to_string()).unwrap();
    let config =
        json!({"eos_token": "<|im_end|>", "chat_template": CHATML, "model_max_length": 64});
    fs::write(carried.path().join("tokenizer_config.json"), config.to_string()).unwrap();
    fs::write(carried.path().join("generation_config.json"), "{\"eos_token_id\": 258}").unwrap();
    let model = model(tied);
    let checkpoint = Checkpoint {
        params: Params::random(&model, 5, 0.05),
        config: HfConfig::new(model, dtype, None, Some(EOS)),
        carried: Carried::read(carried.path()).unwrap(),
    };
    checkpoint.write(place, dtype).unwrap();
    checkpoint
}

/// The 256 bytes, three special tokens, and a few merges.
pub fn tokenizer() -> Value {
    let mut alphabet: Vec<char> = ByteLevel::alphabet().into_iter().collect();
    alphabet.sort_unstable();
    let mut vocab = serde_json::Map::new();
    for (id, letter) in alphabet.iter().enumerate() {
        vocab.insert(letter.to_string(), json!(id));
    }
    let specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
    let mut added = Vec::new();
    for (id, content) in (256..).zip(specials) {
        vocab.insert(content.into(), json!(id));
        added.push(json!({
            "id": id, "content": content, "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false, "special": true,
        }));
    }
    for (id, merged) in (259..).zip(["th", "Ġt"]) {
        vocab.insert(merged.into(), json!(id));
    }
    let bytes = json!({
        "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
    });
    json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": added,
        "normalizer": null, "pre_tokenizer": bytes, "post_processor": null, "decoder": bytes,
        "model": {
            "type": "BPE", "dropout": null, "unk_token": null,
            "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false,
            "byte_fallback": false, "vocab": vocab, "merges": ["t h", "Ġ t"],
        },
    })
}

/// Writes 40 documents of 10 to 300 bytes, every third a conversation.
pub fn write_documents(path: &Path) {
    let mut lines = String::new();
    for number in 0..40usize {
        let text = format!("{number} plus {number} is {}. ", 2 * number).repeat(1 + number % 13);
        let row = if number % 3 == 0 {
            json!({"messages": [
                {"role": "user", "content": format!("What is {number} + {number}?")},
                {"role": "assistant", "content": text},
            ]})
        } else {
            json!({"id": number, "text": text})
        };
        lines += &format!("{row}\n");
    }
    fs::write(path, lines).unwrap();
}

/// A directory with `ckpt`, `data.jsonl` and `anneal.toml`: two phases of three steps, the second
/// with 7 times the context and 49 times the rotary base.
pub fn bench(dtype: Dtype) -> (tempfile::TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().to_owned();
    write_checkpoint(&path.join("ckpt"), true, dtype);
    write_documents(&path.join("data.jsonl"));
    fs::write(path.join("anneal.toml"), CONFIG).unwrap();
    (home, path)
}

pub const CONFIG: &str = "\
checkpoint_every = 2
[batch]
tokens = 672
[[phase]]
name = \"short\"
tokens = 2000
context = 32
[[phase]]
name = \"long\"
tokens = 2016
context = 224
rope_factor = 49.0
";

/// Everything below a directory: files with their bytes, directories with none.
pub fn tree(directory: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(tree(&path));
            found.insert(path, None);
        } else {
            found.insert(path.clone(), Some(fs::read(path).unwrap()));
        }
    }
    found
}

/// Checks that two trees are the same, naming what is not.
pub fn same_tree(before: &BTreeMap<PathBuf, Option<Vec<u8>>>, after: &Path, what: &str) {
    let after = tree(after);
    let differs = |path: &&PathBuf| before.get(*path) != after.get(*path);
    let differing: Vec<_> = before.keys().chain(after.keys()).filter(differs).collect();
    assert!(differing.is_empty(), "{what}: {differing:?} differ");
}
