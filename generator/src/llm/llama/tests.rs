//! A model of a few numbers, written to a GGUF file, against a computation in double precision
//! that follows the published formulas with loops and nothing else.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::HashMap, fs::File};

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{Value, write},
    },
};
use lehr_record::Role;

use super::{attention::Cache, forward::Row, *};

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

/// The scores after each token of a sequence.
fn reference(tensors: &Tensors, sequence: &[u32]) -> Vec<Vec<f64>> {
    let get = |name: String| &tensors[&format!("{name}.weight")].1;
    let norm = |x: &[f64], weight: &[f64]| -> Vec<f64> {
        let mean = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
        x.iter().zip(weight).map(|(x, w)| x / (mean + EPS).sqrt() * w).collect()
    };
    let apply = |matrix: &[f64], x: &[f64]| -> Vec<f64> {
        matrix.chunks(x.len()).map(|row| row.iter().zip(x).map(|(a, b)| a * b).sum()).collect()
    };
    let turn = |x: &mut [f64], position: usize| {
        for head in x.chunks_mut(SIZE) {
            for pair in 0..SIZE / 2 {
                let angle = position as f64 * BASE.powf(-2.0 * pair as f64 / SIZE as f64);
                let (a, b) = (head[2 * pair], head[2 * pair + 1]);
                head[2 * pair] = a * angle.cos() - b * angle.sin();
                head[2 * pair + 1] = a * angle.sin() + b * angle.cos();
            }
        }
    };
    let embedding = get("token_embd".into());
    let mut xs: Vec<Vec<f64>> =
        sequence.iter().map(|&t| embedding[t as usize * WIDTH..][..WIDTH].to_vec()).collect();
    for layer in 0..LAYERS {
        let get = |part: &str| get(format!("blk.{layer}.{part}"));
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (position, x) in xs.iter_mut().enumerate() {
            let normed = norm(x, get("attn_norm"));
            let mut queries = apply(get("attn_q"), &normed);
            let mut key = apply(get("attn_k"), &normed);
            turn(&mut queries, position);
            turn(&mut key, position);
            keys.push(key);
            values.push(apply(get("attn_v"), &normed));
            let mut seen = Vec::new();
            for (head, query) in queries.chunks(SIZE).enumerate() {
                let at = head / (QUERIES / KEYS) * SIZE;
                let weights: Vec<f64> = keys
                    .iter()
                    .map(|key| {
                        let product: f64 = query.iter().zip(&key[at..]).map(|(a, b)| a * b).sum();
                        (product / (SIZE as f64).sqrt()).exp()
                    })
                    .collect();
                let total: f64 = weights.iter().sum();
                seen.extend((0..SIZE).map(|i| {
                    weights.iter().zip(&values).map(|(w, v)| w * v[at + i]).sum::<f64>() / total
                }));
            }
            for (x, y) in x.iter_mut().zip(apply(get("attn_output"), &seen)) {
                *x += y;
            }
            let normed = norm(x, get("ffn_norm"));
            let inner: Vec<f64> = apply(get("ffn_gate"), &normed)
                .into_iter()
                .zip(apply(get("ffn_up"), &normed))
                .map(|(gate, up)| gate / (1.0 + (-gate).exp()) * up)
                .collect();
            for (x, y) in x.iter_mut().zip(apply(get("ffn_down"), &inner)) {
                *x += y;
            }
        }
    }
    xs.iter().map(|x| apply(embedding, &norm(x, get("output_norm".into())))).collect()
}

fn sequence(seed: usize, length: usize) -> Vec<u32> {
    (0..length).map(|i| ((i * i * 7 + seed * 13 + i) % tokens().len()) as u32).collect()
}

fn load(changes: &[(&str, Option<Value>)], tensors: &Tensors) -> Result<Weights, ReadError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(tensors, changes, &path);
    let mut source = Source::open(&path)?;
    Vocabulary::read(source.metadata())?;
    Weights::read(&mut source)
}

#[test]
fn every_mixture_of_rows_gives_the_scores_of_the_reference() {
    let tensors = tensors();
    let weights = load(&[], &tensors).unwrap();
    // Sequences of 1 to 20 tokens, each cut into pieces of its own size: one step computes a piece
    // of each, so that prompts and single tokens mix, in 8, 16 and 32 lanes and several blocks.
    for (count, piece) in [(1, 20), (1, 1), (3, 4), (5, 3), (20, 7)] {
        let sequences: Vec<Vec<u32>> = (0..count).map(|s| sequence(s, 20 - s * 7 % 20)).collect();
        let new = || Cache::new(LAYERS, weights.heads);
        let mut caches: Vec<Cache> = sequences.iter().map(|_| new()).collect();
        let mut scores: Vec<Vec<Vec<f32>>> = vec![Vec::new(); count];
        let mut computed = vec![0; count];
        while computed.iter().zip(&sequences).any(|(done, all)| *done < all.len()) {
            let mut rows = Vec::new();
            for (index, tokens) in sequences.iter().enumerate() {
                let end = tokens.len().min(computed[index] + 1 + (index + piece - 1) % piece);
                for position in computed[index]..end {
                    let token = tokens[position];
                    rows.push(Row { sequence: index, token, position, scored: true });
                }
                computed[index] = end;
            }
            let mut caches: Vec<&mut Cache> = caches.iter_mut().collect();
            for (row, found) in rows.iter().zip(weights.step(&rows, &mut caches)) {
                scores[row.sequence].push(found);
            }
        }
        for (tokens, scores) in sequences.iter().zip(&scores) {
            let want = reference(&tensors, tokens);
            assert_eq!(want.len(), scores.len());
            for (got, want) in scores.iter().flatten().zip(want.iter().flatten()) {
                assert!((f64::from(*got) - want).abs() < 1e-3, "{got} is not {want}");
            }
            // Alone, a token a step: the same numbers to the last bit.
            let mut alone = new();
            for (position, &token) in tokens.iter().enumerate() {
                let row = Row { sequence: 0, token, position, scored: true };
                let found = weights.step(&[row], &mut [&mut alone]);
                assert_eq!(found[0], scores[position]);
            }
        }
    }
}

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
    let mut more = good.clone();
    more.insert("blk.0.attn_q.bias".into(), (vec![QUERIES * SIZE], vec![0.5; QUERIES * SIZE]));
    assert!(matches!(load(&[], &more), Err(ReadError::Unsupported(_))));
    let mut less = good.clone();
    less.remove("blk.1.ffn_up.weight");
    assert!(matches!(load(&[], &less), Err(ReadError::Broken(_))));
}

async fn model(slots: usize, memory: usize) -> Llama {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.gguf");
    save(&tensors(), &[], &path);
    let options = LlamaOptions { slots, memory, ..LlamaOptions::default() };
    Llama::load(&path, "sha256:test".into(), options).await.unwrap().unwrap()
}

fn call(text: &str, seed: u64) -> (Vec<Message>, Sampling) {
    let sampling = Sampling { temperature: 1.5, top_p: 1.0, top_k: 0, max_tokens: 16, seed };
    (vec![Message::new(Role::User, text)], sampling)
}

#[tokio::test]
async fn a_call_has_the_same_reply_in_any_company() {
    let calls: Vec<_> = (0..12).map(|n| call(&"abc def"[..1 + n % 7], n as u64 / 2)).collect();
    let mut texts = Vec::new();
    // Memory for five calls, for one, and for none, which are computed all the same.
    for (slots, memory) in [(5, 1 << 20), (5, 20_000), (1, 0)] {
        let model = model(slots, memory).await;
        let replies = calls.iter().map(|(messages, sampling)| model.complete(messages, sampling));
        let replies = futures::future::try_join_all(replies).await.unwrap();
        texts.push(replies.iter().map(|reply| reply.text.clone()).collect::<Vec<_>>());
        for ((messages, _), reply) in calls.iter().zip(replies) {
            assert_eq!(reply.finished, reply.completion_tokens < 16);
            // "<|im_start|>user\n", the text, "<|im_end|>\n<|im_start|>", a token a character.
            assert_eq!(reply.prompt_tokens as usize, 9 + messages[0].content.len());
        }
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[tokio::test]
async fn calls_that_do_not_fit_or_are_given_up_do_no_harm() {
    let model = model(1, 1 << 20).await;
    let (messages, sampling) = call(&"x".repeat(60), 0);
    let error = model.complete(&messages, &sampling).await.unwrap_err();
    assert!(matches!(error, LlmError::TooLong { prompt: 69, context: 64 }), "{error}");
    // A reply ends where the context does.
    let (messages, mut sampling) = call(&"x".repeat(50), 0);
    sampling.max_tokens = 1000;
    let reply = model.complete(&messages, &sampling).await.unwrap();
    assert!(reply.completion_tokens <= 5, "{reply:?}");
    for seed in 0..50 {
        let (messages, sampling) = call("y", seed);
        let call = model.complete(&messages, &sampling);
        drop(tokio::time::timeout(Duration::from_micros(seed * 20), call).await);
    }
    let (messages, sampling) = call("z", 0);
    model.complete(&messages, &sampling).await.unwrap();
    let impatient =
        Llama { options: LlamaOptions { timeout: Duration::ZERO, ..model.options }, ..model };
    let error = impatient.complete(&messages, &sampling).await.unwrap_err();
    assert!(matches!(error, LlmError::Timeout { .. }), "{error}");
}
