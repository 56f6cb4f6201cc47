//! What a sequence remembers of its tokens, and how a token looks back at them.

use super::lanes::exp;

/// Numbers that a dot product keeps apart while it sums: the width of a vector register.
const WIDTH: usize = 16;

/// The keys and values of one sequence, for all layers.
#[derive(Clone)]
pub(super) struct Cache {
    layers: Vec<LayerCache>,
}

/// The keys and values of one layer, head by head, then token by token.
#[derive(Clone)]
pub(super) struct LayerCache {
    heads: Vec<HeadCache>,
}

#[derive(Clone, Default)]
struct HeadCache {
    keys: Vec<f32>,
    values: Vec<f32>,
}

/// The measures of attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heads {
    /// Heads that ask.
    pub queries: usize,
    /// Heads that are asked; each serves `queries / keys` of the others.
    pub keys: usize,
    /// Numbers a head, a multiple of 16.
    pub size: usize,
}

impl Cache {
    /// An empty memory.
    pub(super) fn new(layers: usize, heads: Heads) -> Self {
        let layer = LayerCache { heads: vec![HeadCache::default(); heads.keys] };
        Self { layers: vec![layer; layers] }
    }

    /// A memory of the first `tokens` tokens of this one.
    pub(super) fn prefix(&self, tokens: usize, size: usize) -> Self {
        let head = |head: &HeadCache| HeadCache {
            keys: head.keys[..tokens * size].to_vec(),
            values: head.values[..tokens * size].to_vec(),
        };
        let layer =
            |layer: &LayerCache| LayerCache { heads: layer.heads.iter().map(head).collect() };
        Self { layers: self.layers.iter().map(layer).collect() }
    }

    /// One layer's part.
    pub(super) fn layer(&self, index: usize) -> &LayerCache {
        &self.layers[index]
    }

    /// One layer's part, to add to.
    pub(super) fn layer_mut(&mut self, index: usize) -> &mut LayerCache {
        &mut self.layers[index]
    }
}

impl LayerCache {
    /// Remembers a token: its keys and values, head by head.
    pub(super) fn push(&mut self, keys: &[f32], values: &[f32], heads: Heads) {
        let parts = keys.chunks_exact(heads.size).zip(values.chunks_exact(heads.size));
        for (head, (keys, values)) in self.heads.iter_mut().zip(parts) {
            head.keys.extend_from_slice(keys);
            head.values.extend_from_slice(values);
        }
    }

    /// Scaled dot-product attention (Vaswani et al. 2017) of one token, with `queries` for all
    /// heads, over the first `tokens` remembered ones; into `out`, head by head.
    pub(super) fn attend(&self, queries: &[f32], tokens: usize, heads: Heads, out: &mut [f32]) {
        let group = heads.queries / heads.keys;
        let scale = 1.0 / (heads.size as f32).sqrt();
        let mut scores = vec![0f32; tokens];
        let asked = self.heads.iter().flat_map(|head| std::iter::repeat_n(head, group));
        let asking = queries.chunks_exact(heads.size).zip(out.chunks_exact_mut(heads.size));
        for (head, (query, out)) in asked.zip(asking) {
            let keys = head.keys.chunks_exact(heads.size);
            let mut highest = f32::NEG_INFINITY;
            for (score, key) in scores.iter_mut().zip(keys) {
                *score = dot(query, key) * scale;
                highest = highest.max(*score);
            }
            for score in &mut scores {
                *score = exp(*score - highest);
            }
            let total: f32 = scores.iter().sum();
            out.fill(0.0);
            for (score, value) in scores.iter().zip(head.values.chunks_exact(heads.size)) {
                for (out, value) in out.iter_mut().zip(value) {
                    *out = score.mul_add(*value, *out);
                }
            }
            for out in out {
                *out /= total;
            }
        }
    }
}

/// The dot product of two vectors of a multiple of [`WIDTH`] numbers.
fn dot(x: &[f32], y: &[f32]) -> f32 {
    let mut sums = [0f32; WIDTH];
    for (x, y) in x.chunks_exact(WIDTH).zip(y.chunks_exact(WIDTH)) {
        for ((sum, x), y) in sums.iter_mut().zip(x).zip(y) {
            *sum = x.mul_add(*y, *sum);
        }
    }
    // Halves are added to each other, which is what vector instructions can do.
    let mut width = WIDTH;
    while width > 1 {
        width /= 2;
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
    }
    sums[0]
}

/// Rotates pairs of neighbouring numbers of each head by angles that grow with the position
/// (RoPE, Su et al. 2021), as weights in GGUF files of the Llama family are laid out for.
#[derive(Clone, Debug)]
pub(super) struct Rotation {
    /// Radians a position, for each pair of a head.
    frequencies: Vec<f64>,
}

impl Rotation {
    /// For heads of `size` numbers, with the base of the model.
    pub(super) fn new(base: f64, size: usize) -> Self {
        let frequency = |pair: usize| base.powf(-2.0 * pair as f64 / size as f64);
        Self { frequencies: (0..size / 2).map(frequency).collect() }
    }

    /// The cosines and sines at a position, pair by pair.
    pub(super) fn at(&self, position: usize) -> Vec<(f32, f32)> {
        let turn = |frequency: &f64| {
            let (sin, cos) = (frequency * position as f64).sin_cos();
            (cos as f32, sin as f32)
        };
        self.frequencies.iter().map(turn).collect()
    }
}

/// Turns the heads of one token by [`Rotation::at`] its position.
pub(super) fn rotate(heads: &mut [f32], turns: &[(f32, f32)]) {
    for head in heads.chunks_exact_mut(2 * turns.len()) {
        for (pair, (cos, sin)) in head.chunks_exact_mut(2).zip(turns) {
            let (x, y) = (pair[0], pair[1]);
            pair[0] = x * cos - y * sin;
            pair[1] = x * sin + y * cos;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADS: Heads = Heads { queries: 4, keys: 2, size: 16 };

    fn numbers(count: usize, step: f32) -> Vec<f32> {
        (0..count).map(|i| (i as f32 * step).sin()).collect()
    }

    #[test]
    fn attention_is_the_weighted_mean_of_the_values() {
        let mut cache = Cache::new(1, HEADS);
        let tokens: Vec<_> =
            (0..5).map(|t| (numbers(32, 0.3 + t as f32), numbers(32, 1.7 * t as f32))).collect();
        for (keys, values) in &tokens {
            cache.layer_mut(0).push(keys, values, HEADS);
        }
        let queries = numbers(64, 0.9);
        for seen in 1..=5 {
            let mut out = vec![f32::NAN; 64];
            cache.layer(0).attend(&queries, seen, HEADS, &mut out);
            let mut of_prefix = vec![f32::NAN; 64];
            cache.prefix(seen, 16).layer(0).attend(&queries, seen, HEADS, &mut of_prefix);
            assert_eq!(out, of_prefix);
            for head in 0..4 {
                let at = head / 2 * 16;
                let weights: Vec<f64> = tokens[..seen]
                    .iter()
                    .map(|(keys, _)| {
                        let products =
                            (0..16).map(|i| f64::from(queries[head * 16 + i] * keys[at + i]));
                        (products.sum::<f64>() / 4.0).exp()
                    })
                    .collect();
                for i in 0..16 {
                    let sum: f64 = weights
                        .iter()
                        .zip(&tokens)
                        .map(|(weight, (_, values))| weight * f64::from(values[at + i]))
                        .sum();
                    let want = sum / weights.iter().sum::<f64>();
                    let got = f64::from(out[head * 16 + i]);
                    assert!((got - want).abs() < 1e-5, "{got} is not {want}");
                }
            }
        }
    }

    #[test]
    fn rotation_keeps_lengths_and_depends_on_distance_only() {
        let rotation = Rotation::new(10_000.0, 16);
        let (query, key) = (numbers(16, 0.7), numbers(16, 1.3));
        let product = |at: usize, other: usize| {
            let (mut query, mut key) = (query.clone(), key.clone());
            rotate(&mut query, &rotation.at(at));
            rotate(&mut key, &rotation.at(other));
            assert!((dot(&key, &key) - dot(&numbers(16, 1.3), &numbers(16, 1.3))).abs() < 1e-4);
            dot(&query, &key)
        };
        assert!((product(0, 0) - dot(&query, &key)).abs() < 1e-6);
        assert!((product(3, 1) - product(102, 100)).abs() < 1e-4);
        assert!((product(3, 1) - product(4, 1)).abs() > 1e-3);
    }
}
