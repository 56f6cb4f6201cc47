//! The mathematics of every operation once more, in f64, as plain as it can be written.
//!
//! Nothing here is fast, shared with an engine, or knows tiles and chunks: that is its worth.

use crate::engine::Heads;
use crate::model::{Batch, ModelConfig};

/// `y[t] = table[token[t]]`.
pub fn embed(tokens: &[u32], table: &[f64], width: usize) -> Vec<f64> {
    tokens.iter().flat_map(|&token| table[token as usize * width..][..width].to_vec()).collect()
}

/// RMSNorm of each row.
pub fn norm(x: &[f64], gain: &[f64], eps: f64) -> Vec<f64> {
    let rows = x.chunks(gain.len()).flat_map(|x| {
        let mean = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
        let r = 1.0 / (mean + eps).sqrt();
        x.iter().zip(gain).map(move |(x, gain)| x * r * gain)
    });
    rows.collect()
}

/// `x Wᵀ + b` for each row; no bias is an empty one.
pub fn linear(x: &[f64], weight: &[f64], bias: &[f64], inputs: usize) -> Vec<f64> {
    let mut y = Vec::new();
    for x in x.chunks(inputs) {
        for (output, row) in weight.chunks(inputs).enumerate() {
            let product: f64 = x.iter().zip(row).map(|(x, w)| x * w).sum();
            y.push(product + bias.get(output).copied().unwrap_or(0.0));
        }
    }
    y
}

/// Queries and keys turned by the angles of their positions in their documents.
pub fn rope(qkv: &[f64], heads: Heads, documents: &[usize], theta: f64) -> Vec<f64> {
    let mut y = qkv.to_vec();
    let half = heads.dim / 2;
    for document in documents.windows(2) {
        for row in document[0]..document[1] {
            for head in 0..heads.queries + heads.keys {
                for i in 0..half {
                    let rate = theta.powf(-2.0 * i as f64 / heads.dim as f64);
                    let (sin, cos) = ((row - document[0]) as f64 * rate).sin_cos();
                    let at = row * heads.width() + head * heads.dim + i;
                    let (a, b) = (qkv[at], qkv[at + half]);
                    y[at] = a * cos - b * sin;
                    y[at + half] = b * cos + a * sin;
                }
            }
        }
    }
    y
}

/// Causal softmax attention inside each document.
pub fn attention(qkv: &[f64], heads: Heads, documents: &[usize]) -> Vec<f64> {
    let (width, dim) = (heads.width(), heads.dim);
    let mut y = vec![0.0; documents.last().copied().unwrap_or(0) * heads.q_width()];
    for document in documents.windows(2) {
        for row in document[0]..document[1] {
            for head in 0..heads.queries {
                let key = heads.queries + head / heads.group();
                let q = &qkv[row * width + head * dim..][..dim];
                let scores: Vec<f64> = (document[0]..=row)
                    .map(|at| {
                        let k = &qkv[at * width + key * dim..][..dim];
                        let score: f64 = q.iter().zip(k).map(|(q, k)| q * k).sum();
                        (score / (dim as f64).sqrt()).exp()
                    })
                    .collect();
                let total: f64 = scores.iter().sum();
                let y = &mut y[(row * heads.queries + head) * dim..][..dim];
                for (at, score) in (document[0]..=row).zip(scores) {
                    let v = &qkv[at * width + (key + heads.keys) * dim..][..dim];
                    for (y, v) in y.iter_mut().zip(v) {
                        *y += score / total * v;
                    }
                }
            }
        }
    }
    y
}

/// `silu(gate) · up`.
pub fn swiglu(gate_up: &[f64], width: usize) -> Vec<f64> {
    let rows = gate_up.chunks(2 * width).flat_map(|row| {
        let (gate, up) = row.split_at(width);
        gate.iter().zip(up).map(|(gate, up)| gate / (1.0 + (-gate).exp()) * up)
    });
    rows.collect()
}

/// `Σ w (cross-entropy + z_loss · logsumexp²)` of given logits.
pub fn objective(logits: &[f64], batch: &Batch, vocab_size: usize, z_loss: f64) -> f64 {
    let rows = logits.chunks(vocab_size).zip(&batch.targets).zip(&batch.weights);
    rows.map(|((logits, &target), &weight)| {
        let lse = logits.iter().map(|logit| logit.exp()).sum::<f64>().ln();
        f64::from(weight) * (lse - logits[target as usize] + z_loss * lse * lse)
    })
    .sum()
}

/// Logits of a whole model; `param` gives the values of a parameter by its name.
pub fn logits<'a>(
    config: &ModelConfig,
    param: impl Fn(&str) -> &'a [f64],
    batch: &Batch,
    theta: f64,
) -> Vec<f64> {
    let (d, f, eps) = (config.d_model, config.d_ffn, f64::from(config.rms_eps));
    let heads = Heads { queries: config.n_heads, keys: config.n_kv_heads, dim: config.head_dim };
    let add = |x: &mut [f64], y: &[f64]| x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
    let embedding = param("model.embed_tokens.weight");
    let mut x = embed(&batch.tokens, embedding, d);
    for layer in 0..config.n_layers {
        let of = |name: &str| param(&format!("model.layers.{layer}.{name}"));
        let h = norm(&x, of("input_layernorm.weight"), eps);
        let [q, k, v] = ["q", "k", "v"].map(|name| {
            let bias: &[f64] = match config.qkv_bias {
                true => of(&format!("self_attn.{name}_proj.bias")),
                false => &[],
            };
            linear(&h, of(&format!("self_attn.{name}_proj.weight")), bias, d)
        });
        let mut qkv = Vec::new();
        for row in 0..batch.len() {
            for (part, width) in
                [(&q, config.q_width()), (&k, config.kv_width()), (&v, config.kv_width())]
            {
                qkv.extend_from_slice(&part[row * width..][..width]);
            }
        }
        let qkv = rope(&qkv, heads, &batch.documents, theta);
        let y = attention(&qkv, heads, &batch.documents);
        add(&mut x, &linear(&y, of("self_attn.o_proj.weight"), &[], config.q_width()));
        let h = norm(&x, of("post_attention_layernorm.weight"), eps);
        let gate = linear(&h, of("mlp.gate_proj.weight"), &[], d);
        let up = linear(&h, of("mlp.up_proj.weight"), &[], d);
        let gate_up: Vec<f64> =
            gate.chunks(f).zip(up.chunks(f)).flat_map(|(gate, up)| [gate, up].concat()).collect();
        add(&mut x, &linear(&swiglu(&gate_up, f), of("mlp.down_proj.weight"), &[], f));
    }
    let head = if config.tied { embedding } else { param("lm_head.weight") };
    linear(&norm(&x, param("model.norm.weight"), eps), head, &[], d)
}
