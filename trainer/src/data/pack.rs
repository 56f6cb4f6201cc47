//! Documents packed into rows, epoch after epoch.
//!
//! An epoch's documents are fitted into rows as [`super::fit`] says; what no document fits into is
//! padding. Which rows there are is a function of seed, epoch and context, so any row can be made
//! again without the ones before it. A phase of another context goes on with what the rows so far
//! have left of the epoch, fitted anew. So every token of every document drawn for an epoch is read
//! exactly once in it, and every token but a document's first is predicted exactly once: where a
//! document is cut, the token before the cut still learns to predict the one after it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::fit::{Fit, Piece};
use super::pieces::{empty, pad, push};
use super::{DataError, Draw, TokenStore};
use crate::model::Batch;

/// A place in the endless row of epochs: the next row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Whole passes over the documents that are done.
    pub epoch: u64,
    /// What was taken from the epoch so far, one entry a change of context.
    pub taken: Vec<Taken>,
}

/// Rows of one length that were taken from an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// Length of a row in tokens.
    pub context: usize,
    /// Number of rows.
    pub rows: u64,
}

/// The rows of what an epoch had left at one place.
#[derive(Debug)]
struct Current {
    epoch: u64,
    /// Entries of the position before this one.
    stage: usize,
    fit: Fit,
}

/// Makes rows from a store, going on where the last row ended.
#[derive(Debug)]
pub struct Packer<'a> {
    store: &'a TokenStore,
    draw: Draw,
    seed: u64,
    position: Position,
    current: Option<Current>,
    padded: u64,
}

impl<'a> Packer<'a> {
    /// A packer that goes on at `position`.
    ///
    /// # Errors
    /// A position that is not in the store, in words; the documents are then not those of the run.
    pub fn new(
        store: &'a TokenStore,
        draw: Draw,
        seed: u64,
        position: Position,
    ) -> Result<Self, String> {
        let current = match position.taken.len() {
            0 => None,
            entries => Some(current(store, &draw, seed, &position, entries - 1)?),
        };
        let inside = match (&current, position.taken.last()) {
            (Some(current), Some(last)) => last.rows < current.fit.rows() as u64,
            _ => true,
        };
        if !inside {
            return Err(outside(&position));
        }
        Ok(Self { store, draw, seed, position, current, padded: 0 })
    }

    /// Where the next row is.
    pub fn position(&self) -> &Position {
        &self.position
    }

    /// Places in the rows so far, since this packer was made, that no document fitted into.
    pub fn padded(&self) -> u64 {
        self.padded
    }

    /// The next `rows` rows of `context` tokens each, end to end.
    ///
    /// # Errors
    /// What reading the store reports; the position is then as before.
    pub fn batch(&mut self, context: usize, rows: usize) -> Result<Batch, DataError> {
        let before = self.position.clone();
        let mut batch = empty(context * rows);
        for row in 1..=rows {
            if let Err(error) = self.take(context, row * context, &mut batch) {
                self.position = before;
                // It may have gone ahead of the position.
                self.current = None;
                return Err(error);
            }
        }
        Ok(batch)
    }

    /// Adds the next row, so that the batch has `end` tokens, and moves past it.
    fn take(&mut self, context: usize, end: usize, batch: &mut Batch) -> Result<(), DataError> {
        if self.position.taken.last().is_none_or(|last| last.context != context) {
            self.position.taken.push(Taken { context, rows: 0 });
        }
        let stage = self.position.taken.len() - 1;
        let (epoch, seed) = (self.position.epoch, self.seed);
        let here = self.current.take().filter(|c| (c.epoch, c.stage) == (epoch, stage));
        let here =
            match here {
                Some(here) => here,
                // The packer made this position itself, so that it is in the data.
                None => current(self.store, &self.draw, seed, &self.position, stage).map_err(
                    |problem| DataError::format(Path::new("packing"), problem, "report this"),
                )?,
            };
        let at = self.position.taken[stage].rows as usize;
        for piece in here.fit.row(at) {
            let (start, length) = (piece.start as usize, piece.length as usize);
            push(self.store, piece.document as usize, start, length, batch)?;
        }
        self.padded += (end - batch.len()) as u64;
        pad(batch, end);
        self.position.taken[stage].rows += 1;
        if at + 1 == here.fit.rows() {
            self.position = Position { epoch: epoch + 1, taken: Vec::new() };
        } else {
            self.current = Some(here);
        }
        Ok(())
    }
}

/// The rows that the entry `stage` of a position takes from.
fn current(
    store: &TokenStore,
    draw: &Draw,
    seed: u64,
    position: &Position,
    stage: usize,
) -> Result<Current, String> {
    let epoch = position.epoch;
    let mut stretches = draw.documents(store, seed, epoch);
    for taken in &position.taken[..stage] {
        let fit = fitted(&stretches, taken.context, seed, epoch, position)?;
        let rows = usize::try_from(taken.rows).ok().filter(|&rows| rows < fit.rows());
        let length = |document| store.length(document as usize) as u32;
        stretches = fit.rest(rows.ok_or_else(|| outside(position))?, length);
    }
    let fit = fitted(&stretches, position.taken[stage].context, seed, epoch, position)?;
    Ok(Current { epoch, stage, fit })
}

fn fitted(
    stretches: &[Piece],
    context: usize,
    seed: u64,
    epoch: u64,
    position: &Position,
) -> Result<Fit, String> {
    if !(1..=u32::MAX as usize).contains(&context) {
        return Err(outside(position));
    }
    Ok(Fit::new(stretches, context, seed, epoch))
}

fn outside(position: &Position) -> String {
    format!("{position:?} is not a place in the data")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::store::tests::{documents_of, store_of};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn positions_outside_the_data_are_refused() {
        // Two rows of 4: 3 tokens and 2 tokens, each alone.
        let (_home, store) = store_of(&documents_of(&[2, 3]));
        let cases: [(&[(usize, u64)], bool); 7] = [
            (&[], true),
            (&[(4, 1)], true),
            (&[(4, 2)], false),
            (&[(4, 1), (2, 0)], true),
            (&[(4, 1), (2, 2)], false),
            (&[(4, u64::MAX), (2, 0)], false),
            (&[(0, 0)], false),
        ];
        for (taken, good) in cases {
            let taken = taken.iter().map(|&(context, rows)| Taken { context, rows }).collect();
            let position = Position { epoch: 0, taken };
            assert_eq!(
                Packer::new(&store, Draw::all(), 0, position.clone()).is_ok(),
                good,
                "{position:?}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_token_once_an_epoch(
            lengths in proptest::collection::vec(1usize..40, 1..12),
            contexts in proptest::collection::vec((1usize..50, 1usize..5), 1..4),
            rows in 1usize..4, seed in any::<u64>(),
        ) {
            let documents = documents_of(&lengths);
            let (_home, store) = store_of(&documents);
            let total: usize = lengths.iter().sum();
            let mut packer = Packer::new(&store, Draw::all(), seed, Position::default()).unwrap();
            let (mut tokens, mut targets) = (Vec::new(), Vec::new());
            // Phases of some steps each, over two epochs at least.
            let steps = contexts.iter().flat_map(|&(c, steps)| std::iter::repeat_n(c, steps));
            let mut steps = steps.collect::<Vec<_>>().into_iter().cycle();
            while packer.position().epoch < 2 {
                let context = steps.next().unwrap();
                let position = packer.position().clone();
                let resumed = Packer::new(&store, Draw::all(), seed, position).unwrap().batch(context, rows);
                let batch = packer.batch(context, rows).unwrap();
                prop_assert_eq!(&batch, &resumed.unwrap(), "resumed at the same place");
                prop_assert_eq!(batch.len(), context * rows);
                prop_assert_eq!(batch.validate(1000 * 12).err(), None);
                for piece in batch.documents.windows(2) {
                    prop_assert!(piece[0] / context == (piece[1] - 1) / context, "within a row");
                    let ids = &batch.tokens[piece[0]..piece[1]];
                    let padding = ids.iter().all(|&id| id == 0);
                    if padding {
                        prop_assert_eq!(piece[1] % context, 0, "at the end of the row");
                        prop_assert!(batch.weights[piece[0]..piece[1]].iter().all(|&w| w == 0.0));
                        continue;
                    }
                    prop_assert!(ids.windows(2).all(|p| p[1] == p[0] + 1), "one document");
                    for at in piece[0]..piece[1] {
                        let (document, token) = ((batch.tokens[at] - 1) / 1000, (batch.tokens[at] - 1) % 1000);
                        let last = token as usize + 1 == lengths[document as usize];
                        prop_assert_eq!(batch.weights[at] == 0.0, last);
                        if !last { targets.push((batch.tokens[at], batch.targets[at])); }
                    }
                    tokens.extend_from_slice(ids);
                }
            }
            let mut all: Vec<u32> = documents.concat();
            all.sort_unstable();
            for epoch in tokens.chunks_exact(total).take(2) {
                let mut epoch = epoch.to_vec();
                epoch.sort_unstable();
                prop_assert_eq!(&epoch, &all);
            }
            prop_assert!(targets.iter().all(|(token, target)| target == &(token + 1)));
        }
    }
}
