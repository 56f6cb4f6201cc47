//! Work shared out by rows, and sums over rows in a fixed order.

use rayon::prelude::*;

/// Rows that one task takes: enough to be worth a task, and the same on every machine, so that
/// sums over rows are too.
pub(super) const BLOCK: usize = 64;

/// A buffer that grows to the largest size asked for and is then reused. What it holds is
/// whatever was left there.
#[derive(Default)]
pub(super) struct Scratch(Vec<f32>);

impl Scratch {
    /// The first `len` values, with arbitrary content.
    pub fn get(&mut self, len: usize) -> &mut [f32] {
        if self.0.len() < len {
            self.0.resize(len, 0.0);
        }
        &mut self.0[..len]
    }
}

/// Adds the sum over rows to `to`, which is one row wide: `add(row, partial)` adds one row. Blocks
/// of rows are summed in parallel, and their sums joined from the first to the last.
pub(super) fn add_row_sum(
    to: &mut [f32],
    rows: usize,
    scratch: &mut Scratch,
    add: impl Fn(usize, &mut [f32]) + Sync,
) {
    let width = to.len();
    let partials = scratch.get(rows.div_ceil(BLOCK) * width);
    partials.par_chunks_mut(width).enumerate().for_each(|(block, partial)| {
        partial.fill(0.0);
        for row in block * BLOCK..rows.min((block + 1) * BLOCK) {
            add(row, partial);
        }
    });
    for partial in partials.chunks(width) {
        super::lanes::add(to, partial);
    }
}

/// Sum over a slice in f64 by blocks of a fixed length, joined in order; `part` sums one block.
pub(super) fn sum_blocks(x: &[f32], part: impl Fn(&[f32]) -> f64 + Send + Sync) -> f64 {
    let parts: Vec<f64> = x.par_chunks(1 << 14).map(part).collect();
    parts.iter().sum()
}
