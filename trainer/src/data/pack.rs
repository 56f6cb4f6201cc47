//! Documents packed into rows.
//!
//! The documents of an epoch, in an order drawn from seed and epoch, are laid end to end and cut
//! into rows of exactly `context` tokens; after the last document the next epoch follows. A
//! document that meets the end of a row goes on in the next one, as a piece of its own: attention
//! does not reach back across the cut, but the token before the cut still learns to predict the
//! one after it. So every token of every document is read exactly once an epoch, and every token
//! but a document's first is predicted exactly once.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};

use super::{DataError, TokenStore};
use crate::model::Batch;

/// A place in the endless row of epochs: the next token to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Whole passes over the documents that are done.
    pub epoch: u64,
    /// Place in the epoch's order of documents.
    pub document: u64,
    /// Token within that document.
    pub token: u64,
}

/// Cuts rows from a store, going on where the last row ended.
#[derive(Debug)]
pub struct Packer<'a> {
    store: &'a TokenStore,
    seed: u64,
    order: Vec<u32>,
    position: Position,
}

impl<'a> Packer<'a> {
    /// A packer that goes on at `position`.
    ///
    /// # Errors
    /// A position that is not in the store, in words; the documents are then not those of the run.
    pub fn new(store: &'a TokenStore, seed: u64, position: Position) -> Result<Self, String> {
        let order = order(store.documents(), seed, position.epoch);
        let inside = order
            .get(position.document as usize)
            .is_some_and(|&d| position.token < store.length(d as usize) as u64);
        if !inside {
            return Err(format!("{position:?} is not a place in the data"));
        }
        Ok(Self { store, seed, order, position })
    }

    /// Where the next row begins.
    pub fn position(&self) -> Position {
        self.position
    }

    /// The next `rows` rows of `context` tokens each, end to end.
    ///
    /// # Errors
    /// What reading the store reports; the position is then as before.
    pub fn batch(&mut self, context: usize, rows: usize) -> Result<Batch, DataError> {
        let before = self.position;
        let mut batch = empty(context * rows);
        for row in 1..=rows {
            while batch.tokens.len() < row * context {
                if let Err(error) = self.take(row * context - batch.tokens.len(), &mut batch) {
                    if self.position.epoch != before.epoch {
                        self.order = order(self.store.documents(), self.seed, before.epoch);
                    }
                    self.position = before;
                    return Err(error);
                }
            }
        }
        Ok(batch)
    }

    /// Adds at most `room` tokens of the current document and moves past them.
    fn take(&mut self, room: usize, batch: &mut Batch) -> Result<(), DataError> {
        let document = self.order[self.position.document as usize] as usize;
        let start = self.position.token as usize;
        let count = room.min(self.store.length(document) - start);
        push(self.store, document, start, count, batch)?;
        self.position.token += count as u64;
        if start + count == self.store.length(document) {
            self.position.token = 0;
            self.position.document += 1;
        }
        if self.position.document as usize == self.order.len() {
            self.position.document = 0;
            self.position.epoch += 1;
            self.order = order(self.store.documents(), self.seed, self.position.epoch);
        }
        Ok(())
    }
}

/// All documents in the order of the store, each cut into pieces of at most `context` tokens,
/// gathered into batches of at most `context` tokens: what evaluation reads. No piece is cut to
/// fill a batch.
///
/// # Errors
/// What reading the store reports, or what `take` returns.
pub fn pieces<E: From<DataError>>(
    store: &TokenStore,
    context: usize,
    mut take: impl FnMut(Batch) -> Result<(), E>,
) -> Result<(), E> {
    // A context beyond the data is no reason to make room for it.
    let room = context.min(store.tokens() as usize);
    let mut batch = empty(room);
    for document in 0..store.documents() {
        let length = store.length(document);
        for start in (0..length).step_by(context) {
            let count = context.min(length - start);
            if batch.len() + count > context {
                take(std::mem::replace(&mut batch, empty(room)))?;
            }
            push(store, document, start, count, &mut batch)?;
        }
    }
    if !batch.is_empty() {
        take(batch)?;
    }
    Ok(())
}

fn empty(capacity: usize) -> Batch {
    Batch {
        tokens: Vec::with_capacity(capacity),
        targets: Vec::with_capacity(capacity),
        weights: Vec::with_capacity(capacity),
        documents: vec![0],
    }
}

/// Adds `count` tokens of a document from `start` on, with the token after each as its target. The
/// document's last token has none; it counts for nothing.
fn push(
    store: &TokenStore,
    document: usize,
    start: usize,
    count: usize,
    batch: &mut Batch,
) -> Result<(), DataError> {
    let last = start + count == store.length(document);
    let mut tokens = store.read(document, start, count + usize::from(!last))?;
    batch.targets.extend_from_slice(&tokens[1..]);
    batch.weights.resize(batch.weights.len() + tokens.len() - 1, 1.0);
    if last {
        batch.targets.push(tokens[count - 1]);
        batch.weights.push(0.0);
    }
    tokens.truncate(count);
    batch.tokens.append(&mut tokens);
    batch.documents.push(batch.tokens.len());
    Ok(())
}

/// The order of `count` documents in an epoch: a permutation that is the same on every machine and
/// for every version of the random number crates (Fisher and Yates, with ChaCha8 keyed by seed and
/// epoch).
fn order(count: usize, seed: u64, epoch: u64) -> Vec<u32> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    let mut rng = ChaCha8Rng::from_seed(key);
    let mut order: Vec<u32> = (0..count as u32).collect();
    for last in (1..order.len()).rev() {
        // The upper half of the product is below `last + 1`; its bias is below 2^-32.
        let other = (u128::from(rng.next_u64()) * (last as u128 + 1)) >> 64;
        order.swap(last, other as usize);
    }
    order
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::store::tests::store_of;
    use super::*;
    use proptest::prelude::*;

    /// Documents of distinct tokens: document `d` has the tokens `1000 d, 1000 d + 1, ...`.
    fn documents(lengths: &[usize]) -> Vec<Vec<u32>> {
        let numbered = lengths.iter().enumerate();
        numbered.map(|(d, &n)| (0..n).map(|t| (1000 * d + t) as u32).collect()).collect()
    }

    #[test]
    fn the_order_is_fixed_forever() {
        // Computed once by another implementation of ChaCha8.
        assert_eq!(order(8, 7, 0), [2, 5, 7, 4, 1, 0, 3, 6]);
        assert_ne!(order(8, 7, 1), order(8, 7, 0));
        assert_ne!(order(8, 8, 0), order(8, 7, 0));
    }

    #[test]
    fn positions_outside_the_data_are_refused() {
        let (_home, store) = store_of(&documents(&[2, 3]));
        for (document, token, good) in [(1, 1, true), (2, 0, false), (0, 3, false)] {
            let position = Position { epoch: 0, document, token };
            assert_eq!(Packer::new(&store, 0, position).is_ok(), good, "{position:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_token_once_an_epoch(
            lengths in proptest::collection::vec(1usize..40, 1..12),
            context in 1usize..50, rows in 1usize..4, seed in any::<u64>(),
        ) {
            let documents = documents(&lengths);
            let (_home, store) = store_of(&documents);
            let total: usize = lengths.iter().sum();
            let mut packer = Packer::new(&store, seed, Position::default()).unwrap();
            let (mut tokens, mut targets) = (Vec::new(), Vec::new());
            // Two epochs at least, and the position says when each is done.
            while packer.position().epoch < 2 {
                let resumed = Packer::new(&store, seed, packer.position()).unwrap().batch(context, rows);
                let batch = packer.batch(context, rows).unwrap();
                prop_assert_eq!(&batch, &resumed.unwrap(), "resumed at the same place");
                prop_assert_eq!(batch.len(), context * rows);
                prop_assert_eq!(batch.validate(1000 * 12).err(), None);
                for piece in batch.documents.windows(2) {
                    prop_assert!(piece[0] / context == (piece[1] - 1) / context, "within a row");
                    let ids = &batch.tokens[piece[0]..piece[1]];
                    prop_assert!(ids.windows(2).all(|p| p[1] == p[0] + 1), "one document");
                }
                for at in 0..batch.len() {
                    let last = batch.weights[at] == 0.0;
                    prop_assert_eq!(last, batch.tokens[at] as usize % 1000 + 1 == lengths[batch.tokens[at] as usize / 1000]);
                    if !last { targets.push((batch.tokens[at], batch.targets[at])); }
                }
                tokens.extend(batch.tokens);
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

        #[test]
        fn pieces_hold_every_document_once(
            lengths in proptest::collection::vec(1usize..40, 1..12), context in 1usize..50,
        ) {
            let documents = documents(&lengths);
            let (_home, store) = store_of(&documents);
            let (mut tokens, mut weight) = (Vec::new(), 0.0);
            pieces(&store, context, |batch| {
                assert!(batch.len() <= context && batch.validate(1000 * 12).is_ok());
                weight += batch.weight();
                tokens.extend(batch.tokens);
                Ok::<_, DataError>(())
            }).unwrap();
            prop_assert_eq!(tokens, documents.concat());
            prop_assert_eq!(weight as usize, lengths.iter().sum::<usize>() - lengths.len());
        }
    }
}
