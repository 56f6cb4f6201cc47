//! Files that are broken, or of another form.

use super::*;

#[test]
fn what_is_not_a_plain_llama_is_left_to_others_and_what_is_broken_is_refused() {
    let good = tensors();
    let string = |text: &str| Some(Value::String(text.into()));
    for (key, value) in [
        ("general.architecture", string("qwen2")),
        ("llama.expert_count", Some(Value::U32(8))),
        ("llama.rope.scaling.type", string("linear")),
        ("llama.rope.dimension_count", Some(Value::U32(8))),
        ("tokenizer.ggml.pre", string("unheard-of")),
        ("tokenizer.ggml.model", string("llama")),
        ("tokenizer.chat_template", string("{{ messages | unheard_of }}")),
        ("tokenizer.chat_template", string("{{ unheard_of('now') }}")),
    ] {
        let error = load(&[(key, value)], &good).err();
        assert!(matches!(error, Some(ReadError::Unsupported(_))), "{key}: {error:?}");
    }
    for key in [
        "llama.block_count",
        "llama.embedding_length",
        "llama.context_length",
        "tokenizer.ggml.tokens",
        "tokenizer.chat_template",
    ] {
        let error = load(&[(key, None)], &good).err();
        assert!(matches!(error, Some(ReadError::Broken(_))), "{key}: {error:?}");
    }
    let texts =
        |texts: Vec<String>| Some(Value::Array(texts.into_iter().map(Value::String).collect()));
    for (key, value) in [
        ("tokenizer.ggml.token_type", Some(Value::Array(vec![Value::I32(1)]))),
        ("tokenizer.ggml.merges", texts(vec!["pair".into()])),
        ("tokenizer.ggml.merges", texts(vec!["no such".into()])),
        ("llama.attention.head_count", Some(Value::U32(1000))),
        ("llama.attention.head_count", Some(Value::U32(0))),
    ] {
        let error = load(&[(key, value)], &good).err();
        assert!(matches!(error, Some(ReadError::Broken(_))), "{key}: {error:?}");
    }
    // Heads of width / 1000 numbers: of none.
    let none = [
        ("llama.attention.head_count", Some(Value::U32(1000))),
        ("llama.attention.key_length", None),
    ];
    assert!(matches!(load(&none, &good), Err(ReadError::Unsupported(_))));
    // More names than rows of the embedding, and fewer.
    for (rows, broken) in [(tokens().len() - 1, true), (tokens().len() + 1, false)] {
        let mut other = good.clone();
        let numbers = vec![0.5; rows * WIDTH];
        other.insert("token_embd.weight".into(), (vec![rows, WIDTH], numbers));
        let error = load(&[], &other).err().unwrap();
        assert!(error.to_string().contains(&format!("embeds {rows}")), "{error}");
        assert_eq!(matches!(error, ReadError::Broken(_)), broken);
    }
    let mut more = good.clone();
    more.insert("blk.0.attn_q.bias".into(), (vec![QUERIES * SIZE], vec![0.5; QUERIES * SIZE]));
    assert!(matches!(load(&[], &more), Err(ReadError::Unsupported(_))));
    let mut less = good.clone();
    less.remove("blk.1.ffn_up.weight");
    assert!(matches!(load(&[], &less), Err(ReadError::Broken(_))));
}

#[test]
fn damaged_files_are_refused_and_stop_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(&tensors(), &[], &path);
    let good = std::fs::read(&path).unwrap();
    for length in [0, 3, 8, 20, 24, 100, 1_000, good.len() / 2, good.len() - 1] {
        std::fs::write(&path, &good[..length]).unwrap();
        let error = read(&path).err();
        assert!(matches!(error, Some(ReadError::Broken(_))), "{length}: {error:?}");
    }
    // The header ends before the tensors' numbers. Whatever is made of it, nothing panics.
    let numbers: usize = tensors().values().map(|(_, numbers)| numbers.len() * 4).sum();
    for place in (0..good.len() - numbers).step_by(5) {
        for byte in [0x00, 0x7f, 0xff] {
            let mut damaged = good.clone();
            damaged[place] = byte;
            std::fs::write(&path, &damaged).unwrap();
            let _ = read(&path);
        }
    }
}
