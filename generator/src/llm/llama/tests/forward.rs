//! One step against a computation in double precision that follows the published formulas with
//! loops and nothing else.

use super::*;
use crate::llm::llama::{attention::Cache, forward::Row};

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
                let row =
                    |(position, &token)| Row { sequence: index, token, position, scored: true };
                rows.extend((0..).zip(tokens).take(end).skip(computed[index]).map(row));
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
