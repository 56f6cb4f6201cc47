//! Causal attention inside documents, by tiles with a running softmax (Dao et al. 2022).
//!
//! A tile is [`QUERIES`] rows of one document against up to [`KEYS`] keys: two matrix products
//! with the softmax between them, so the memory is that of one tile a thread however long the
//! documents are. Keys after the last row of a tile are never touched; those after a row within
//! it are masked by working on the row's prefix only.

use std::cell::RefCell;

use rayon::prelude::*;

use super::lanes;
use super::matmul::{Cores, Mat, MatMut, matmul};
use super::rows::Scratch;
use crate::engine::{EngineError, Heads};

/// Rows of a tile.
const QUERIES: usize = 64;
/// Keys of a tile.
const KEYS: usize = 512;

thread_local! {
    /// Scores of the tile that this thread works on, and in the backward pass their gradient.
    static TILE: RefCell<(Vec<f32>, Vec<f32>)> =
        RefCell::new((vec![0.0; QUERIES * KEYS], vec![0.0; QUERIES * KEYS]));
}

/// Rows of a batch that are worked on together, all of one document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tile {
    /// First row of the document.
    document: usize,
    /// First row of the tile.
    start: usize,
    /// Row after the last.
    end: usize,
}

/// Cuts documents, given by their offsets, into tiles.
pub(super) fn tiles(documents: &[usize]) -> Vec<Tile> {
    let mut tiles = Vec::new();
    for pair in documents.windows(2) {
        let (document, last) = (pair[0], pair[1]);
        tiles.extend((document..last).step_by(QUERIES).map(|start| Tile {
            document,
            start,
            end: last.min(start + QUERIES),
        }));
    }
    tiles
}

impl Tile {
    fn rows(self) -> usize {
        self.end - self.start
    }

    /// The runs of keys that the tile sees.
    fn keys(self) -> impl Iterator<Item = (usize, usize)> {
        (self.document..self.end).step_by(KEYS).map(move |k| (k, self.end.min(k + KEYS)))
    }

    /// How many of the keys from `from` to `to` row `row` of the tile may see.
    fn seen(self, row: usize, from: usize, to: usize) -> usize {
        (self.start + row + 1).clamp(from, to) - from
    }
}

/// Where the heads lie in a buffer of queries, keys and values.
#[derive(Clone, Copy)]
struct View<'a> {
    qkv: &'a [f32],
    heads: Heads,
}

impl<'a> View<'a> {
    fn part(self, head: usize, from: usize, to: usize) -> Mat<'a> {
        let width = self.heads.width();
        let data = &self.qkv[from * width + head * self.heads.dim..];
        Mat::new(data, to - from, self.heads.dim, width)
    }

    fn queries(self, head: usize, from: usize, to: usize) -> Mat<'a> {
        self.part(head, from, to)
    }

    fn keys(self, head: usize, from: usize, to: usize) -> Mat<'a> {
        self.part(self.heads.queries + head / self.heads.group(), from, to)
    }

    fn values(self, head: usize, from: usize, to: usize) -> Mat<'a> {
        let head = head / self.heads.group();
        self.part(self.heads.queries + self.heads.keys + head, from, to)
    }
}

/// The rows of each tile as a slice of its own, for rows of `width`.
fn split<'a>(mut buffer: &'a mut [f32], tiles: &[Tile], width: usize) -> Vec<&'a mut [f32]> {
    let mut parts = Vec::with_capacity(tiles.len());
    for tile in tiles {
        let (part, rest) = buffer.split_at_mut(tile.rows() * width);
        parts.push(part);
        buffer = rest;
    }
    parts
}

/// `y = softmax(scale · q kᵀ) v` and the logsumexp of each row of scores.
pub(super) fn attention(tiles: &[Tile], qkv: &[f32], heads: Heads, y: &mut [f32], lse: &mut [f32]) {
    let view = View { qkv, heads };
    let (y, lse) = (split(y, tiles, heads.q_width()), split(lse, tiles, heads.queries));
    tiles.par_iter().zip(y).zip(lse).for_each(|((&tile, y), lse)| {
        for head in 0..heads.queries {
            TILE.with_borrow_mut(|(scores, _)| forward_tile(view, tile, head, scores, y, lse));
        }
    });
}

fn forward_tile(
    view: View<'_>,
    tile: Tile,
    head: usize,
    scores: &mut [f32],
    y: &mut [f32],
    lse: &mut [f32],
) {
    let Heads { queries, dim, .. } = view.heads;
    let (rows, width) = (tile.rows(), view.heads.q_width());
    let scale = 1.0 / (dim as f32).sqrt();
    let (mut largest, mut total) = ([f32::NEG_INFINITY; QUERIES], [0.0; QUERIES]);
    for (from, to) in tile.keys() {
        let first = from == tile.document;
        let keys = to - from;
        let q = view.queries(head, tile.start, tile.end);
        let k = view.keys(head, from, to);
        matmul(MatMut::new(scores, rows, keys, keys), q, k.t(), false, Cores::One);
        for (row, scores) in scores[..rows * keys].chunks_mut(keys).enumerate() {
            let (seen, hidden) = scores.split_at_mut(tile.seen(row, from, to));
            hidden.fill(0.0);
            if seen.is_empty() {
                continue;
            }
            let before = largest[row];
            let now = before.max(scale * lanes::max(seen));
            let sum = lanes::exp_in_place(seen, scale, now);
            largest[row] = now;
            if first {
                total[row] = sum;
            } else {
                let shrink = lanes::exp(before - now);
                total[row] = total[row] * shrink + sum;
                lanes::scale(&mut y[row * width + head * dim..][..dim], shrink);
            }
        }
        let p = Mat::new(scores, rows, keys, keys);
        let v = view.values(head, from, to);
        let y = MatMut::new(&mut y[head * dim..], rows, dim, width);
        matmul(y, p, v, !first, Cores::One);
    }
    for row in 0..rows {
        lanes::scale(&mut y[row * width + head * dim..][..dim], 1.0 / total[row]);
        lse[row * queries + head] = largest[row] + total[row].ln();
    }
}

/// What the backward pass reads.
#[derive(Clone, Copy)]
pub(super) struct Backward<'a> {
    pub qkv: &'a [f32],
    pub y: &'a [f32],
    pub lse: &'a [f32],
    pub d_y: &'a [f32],
}

/// Gradient of [`attention`]. One task is one head of one document, which makes its own `d_q`,
/// `d_k` and `d_v`; those of the heads that share a key head are then added in order.
pub(super) fn attention_backward(
    tiles: &[Tile],
    documents: &[usize],
    read: Backward<'_>,
    heads: Heads,
    d_qkv: &mut [f32],
    scratch: &mut Scratch,
) -> Result<(), EngineError> {
    let Heads { queries, dim, .. } = heads;
    let rows = documents.last().copied().unwrap_or(0);
    let parts = scratch.get(rows * queries * 3 * dim)?;
    let mut tasks = Vec::with_capacity(queries * documents.len());
    let mut rest = &mut *parts;
    for pair in documents.windows(2) {
        for head in 0..queries {
            let (part, after) = rest.split_at_mut((pair[1] - pair[0]) * 3 * dim);
            tasks.push((pair[0], pair[1], head, part));
            rest = after;
        }
    }
    tasks.into_par_iter().for_each(|(start, end, head, part)| {
        TILE.with_borrow_mut(|(p, d_p)| {
            backward_head(read, heads, (start, end), head, part, p, d_p);
        });
    });
    let parts = &*parts;
    tiles.par_iter().zip(split(d_qkv, tiles, heads.width())).for_each(|(tile, d_qkv)| {
        // The rows before a document hold the parts of all heads of all documents before it.
        let base = tile.document * queries * 3 * dim;
        let end = documents[documents.partition_point(|&offset| offset <= tile.document)];
        let length = end - tile.document;
        let part = |head: usize, kind: usize, row: usize| {
            let at = tile.start - tile.document + row;
            &parts[base + ((head * 3 + kind) * length + at) * dim..][..dim]
        };
        for (row, d_qkv) in d_qkv.chunks_mut(heads.width()).enumerate() {
            let (d_q, d_kv) = d_qkv.split_at_mut(heads.q_width());
            let (d_k, d_v) = d_kv.split_at_mut(heads.keys * dim);
            for (head, d_q) in d_q.chunks_mut(dim).enumerate() {
                d_q.copy_from_slice(part(head, 0, row));
            }
            for (kind, d) in [(1, d_k), (2, d_v)] {
                for (key, d) in d.chunks_mut(dim).enumerate() {
                    let group = heads.group();
                    d.copy_from_slice(part(key * group, kind, row));
                    for head in key * group + 1..(key + 1) * group {
                        lanes::add(d, part(head, kind, row));
                    }
                }
            }
        }
    });
    Ok(())
}

/// `d_q`, `d_k` and `d_v` of one head of one document into `part`, each `[length, dim]`:
/// with `P = exp(scale · q kᵀ - lse)`, `dP = d_y vᵀ` and `D = Σ d_y y` a row,
/// `dS = P (dP - D) scale`, `d_q = dS k`, `d_k = dSᵀ q`, `d_v = Pᵀ d_y`.
fn backward_head(
    read: Backward<'_>,
    heads: Heads,
    (start, end): (usize, usize),
    head: usize,
    part: &mut [f32],
    p: &mut [f32],
    d_p: &mut [f32],
) {
    let Heads { queries, dim, .. } = heads;
    let (view, width) = (View { qkv: read.qkv, heads }, heads.q_width());
    let scale = 1.0 / (dim as f32).sqrt();
    let length = end - start;
    part.fill(0.0);
    let (d_q, d_kv) = part.split_at_mut(length * dim);
    let (d_k, d_v) = d_kv.split_at_mut(length * dim);
    for tile in tiles(&[start, end]) {
        let rows = tile.rows();
        let q = view.queries(head, tile.start, tile.end);
        let of_tile = tile.start * width + head * dim;
        let d_y = Mat::new(&read.d_y[of_tile..], rows, dim, width);
        let mut along = [0.0; QUERIES];
        for (row, along) in along[..rows].iter_mut().enumerate() {
            let at = of_tile + row * width;
            *along = lanes::dot(&read.d_y[at..][..dim], &read.y[at..][..dim]);
        }
        for (from, to) in tile.keys() {
            let keys = to - from;
            let (k, v) = (view.keys(head, from, to), view.values(head, from, to));
            matmul(MatMut::new(p, rows, keys, keys), q, k.t(), false, Cores::One);
            matmul(MatMut::new(d_p, rows, keys, keys), d_y, v.t(), false, Cores::One);
            let scores = p[..rows * keys].chunks_mut(keys).zip(d_p.chunks_mut(keys));
            for (row, (p, d_p)) in scores.enumerate() {
                let seen = tile.seen(row, from, to);
                let lse = read.lse[(tile.start + row) * queries + head];
                lanes::exp_in_place(&mut p[..seen], scale, lse);
                p[seen..].fill(0.0);
                for (&p, d_p) in p.iter().zip(d_p) {
                    *d_p = p * (*d_p - along[row]) * scale;
                }
            }
            let (p, d_s) = (Mat::new(p, rows, keys, keys), Mat::new(d_p, rows, keys, keys));
            let at = (from - start) * dim;
            matmul(MatMut::new(&mut d_v[at..], keys, dim, dim), p.t(), d_y, true, Cores::One);
            matmul(MatMut::new(&mut d_k[at..], keys, dim, dim), d_s.t(), q, true, Cores::One);
            let at = (tile.start - start) * dim;
            matmul(MatMut::new(&mut d_q[at..], rows, dim, dim), d_s, k, true, Cores::One);
        }
    }
}
