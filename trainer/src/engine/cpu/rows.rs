//! Work shared out by rows, and sums over rows in a fixed order.

use rayon::prelude::*;

use crate::engine::EngineError;

/// Rows that one task takes: enough to be worth a task, and the same on every machine, so that
/// sums over rows are too.
pub(super) const BLOCK: usize = 64;

/// `len` zeros, or an error where the host has no room.
pub(super) fn zeros(len: usize, what: &str) -> Result<Vec<f32>, EngineError> {
    let mut values = Vec::new();
    values.try_reserve_exact(len).map_err(|_| EngineError::OutOfMemory {
        engine: "cpu".to_owned(),
        bytes: len.saturating_mul(size_of::<f32>()),
        what: what.to_owned(),
    })?;
    values.resize(len, 0.0);
    Ok(values)
}

/// A buffer that grows to the largest size asked for and is then reused. What it holds is
/// whatever was left there.
#[derive(Default)]
pub(super) struct Scratch(Vec<f32>);

impl Scratch {
    /// The first `len` values, with arbitrary content, or an error where the host has no room.
    pub fn get(&mut self, len: usize) -> Result<&mut [f32], EngineError> {
        if self.0.len() < len {
            // The old one makes room first: nothing in it is needed.
            self.0 = Vec::new();
            self.0 = zeros(len, "scratch")?;
        }
        Ok(&mut self.0[..len])
    }
}

/// Adds the sum over rows to `to`, which is one row wide: `add(row, partial)` adds one row. Blocks
/// of rows are summed in parallel, and their sums joined from the first to the last.
pub(super) fn add_row_sum(
    to: &mut [f32],
    rows: usize,
    scratch: &mut Scratch,
    add: impl Fn(usize, &mut [f32]) + Sync,
) -> Result<(), EngineError> {
    let width = to.len();
    let partials = scratch.get(rows.div_ceil(BLOCK) * width)?;
    partials.par_chunks_mut(width).enumerate().for_each(|(block, partial)| {
        partial.fill(0.0);
        for row in block * BLOCK..rows.min((block + 1) * BLOCK) {
            add(row, partial);
        }
    });
    for partial in partials.chunks(width) {
        super::lanes::add(to, partial);
    }
    Ok(())
}

/// Sum over a slice in f64 by blocks of a fixed length, joined in order; `part` sums one block.
pub(super) fn sum_blocks(x: &[f32], part: impl Fn(&[f32]) -> f64 + Send + Sync) -> f64 {
    let parts: Vec<f64> = x.par_chunks(1 << 14).map(part).collect();
    parts.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_room_is_an_error() {
        // More than an address space has: refused without touching memory.
        for len in [usize::MAX, usize::MAX / 8] {
            let error = Scratch::default().get(len).map(|_| ()).err();
            assert!(matches!(error, Some(EngineError::OutOfMemory { .. })), "{error:?}");
        }
    }
}
