//! One step of the model: from tokens to the scores of their successors.

use rayon::prelude::*;

use super::{
    attention::{Cache, rotate},
    lanes::{add, rms_norm, swiglu},
    weights::{Layer, Weights},
};

/// A token to compute.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Which of the step's caches it belongs to.
    pub sequence: usize,
    /// Its number in the vocabulary.
    pub token: u32,
    /// Its place in the sequence, from 0. The cache holds all tokens before it, or they come
    /// before it in the same step.
    pub position: usize,
    /// Whether the scores of its successor are wanted.
    pub scored: bool,
}

impl Weights {
    /// Computes the rows of one step, of any sequences in any mixture. Returns the scores of all
    /// tokens of the vocabulary for each row that asks for them, in order.
    ///
    /// Each row's result depends on its own sequence only, to the last bit.
    pub(super) fn step(&self, rows: &[Row], caches: &mut [&mut Cache]) -> Vec<Vec<f32>> {
        // As few lanes as hold the rows: an idle lane costs as much as a busy one.
        match rows.len() {
            0..=8 => self.step_in::<8>(rows, caches),
            9..=16 => self.step_in::<16>(rows, caches),
            _ => self.step_in::<32>(rows, caches),
        }
    }

    fn step_in<const L: usize>(&self, rows: &[Row], caches: &mut [&mut Cache]) -> Vec<Vec<f32>> {
        let mut blocks: Vec<(&[Row], Vec<[f32; L]>)> = rows
            .chunks(L)
            .map(|rows| {
                let tokens = rows.iter().map(|row| self.embedding.row(row.token as usize));
                (rows, side_by_side(tokens))
            })
            .collect();
        let turns: Vec<Vec<(f32, f32)>> =
            rows.iter().map(|row| self.rotation.at(row.position)).collect();
        for (index, layer) in self.layers.iter().enumerate() {
            let mut turns = &turns[..];
            for (rows, x) in &mut blocks {
                self.attention(index, layer, rows, &turns[..rows.len()], x, caches);
                turns = &turns[rows.len()..];
                let normed = rms_norm(x, &layer.feed_forward_norm, self.eps);
                let mut inner = layer.gate_up.apply(&normed);
                swiglu(&mut inner);
                add(x, &layer.down.apply(&inner));
            }
        }
        self.scores(&blocks)
    }

    /// The attention part of a layer, for the rows of one block. Rows of a sequence are in order,
    /// and blocks come in order, so that a row finds the keys of all rows before it.
    fn attention<const L: usize>(
        &self,
        index: usize,
        layer: &Layer,
        rows: &[Row],
        turns: &[Vec<(f32, f32)>],
        x: &mut [[f32; L]],
        caches: &mut [&mut Cache],
    ) {
        let heads = self.heads;
        let (queries, keys) = (heads.queries * heads.size, heads.keys * heads.size);
        let normed = rms_norm(x, &layer.attention_norm, self.eps);
        let mut asked = one_by_one(&layer.query_key_value.apply(&normed), rows.len());
        for ((row, turns), asked) in rows.iter().zip(turns).zip(&mut asked) {
            rotate(&mut asked[..queries + keys], turns);
            let (keys, values) = asked[queries..].split_at(keys);
            caches[row.sequence].layer_mut(index).push(keys, values, heads);
        }
        let caches = &*caches;
        let answers: Vec<Vec<f32>> = rows
            .par_iter()
            .zip(&asked)
            .map(|(row, asked)| {
                let mut out = vec![0.0; queries];
                let cache = caches[row.sequence].layer(index);
                cache.attend(&asked[..queries], row.position + 1, heads, &mut out);
                out
            })
            .collect();
        let answers: Vec<[f32; L]> = side_by_side(answers.iter().map(Vec::as_slice));
        add(x, &layer.attention_output.apply(&answers));
    }

    fn scores<const L: usize>(&self, blocks: &[(&[Row], Vec<[f32; L]>)]) -> Vec<Vec<f32>> {
        let scored: Vec<Vec<f32>> = blocks
            .iter()
            .flat_map(|(rows, x)| rows.iter().zip(one_by_one(x, rows.len())))
            .filter_map(|(row, x)| row.scored.then_some(x))
            .collect();
        let output = self.output.as_ref().unwrap_or(&self.embedding);
        let score = |rows: &[Vec<f32>]| {
            let x: Vec<[f32; L]> = side_by_side(rows.iter().map(Vec::as_slice));
            one_by_one(&output.apply(&rms_norm(&x, &self.norm, self.eps)), rows.len())
        };
        scored.chunks(L).flat_map(score).collect()
    }
}

/// Lanes from up to `L` vectors of equal length; lanes without a vector hold zeros.
fn side_by_side<'a, const L: usize>(vectors: impl Iterator<Item = &'a [f32]>) -> Vec<[f32; L]> {
    let mut lanes = Vec::new();
    for (lane, vector) in vectors.enumerate() {
        lanes.resize(vector.len(), [0.0; L]);
        for (features, &value) in lanes.iter_mut().zip(vector) {
            features[lane] = value;
        }
    }
    lanes
}

/// The vectors in the first `count` lanes.
fn one_by_one<const L: usize>(lanes: &[[f32; L]], count: usize) -> Vec<Vec<f32>> {
    let vector = |lane: usize| lanes.iter().map(|features| features[lane]).collect();
    (0..count).into_par_iter().map(vector).collect()
}
