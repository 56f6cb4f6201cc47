//! What evaluation reads, and how tokens get into a batch.

use super::{DataError, TokenStore};
use crate::model::Batch;

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

/// A batch without tokens.
pub(super) fn empty(capacity: usize) -> Batch {
    Batch {
        tokens: Vec::with_capacity(capacity),
        targets: Vec::with_capacity(capacity),
        weights: Vec::with_capacity(capacity),
        documents: vec![0],
    }
}

/// Adds `count` tokens of a document from `start` on, with the token after each as its target. The
/// document's last token has none; it counts for nothing.
pub(super) fn push(
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

/// Fills a batch up to `length` tokens with a document of its own that counts for nothing: weight
/// 0, and attention never crosses into it or out of it.
pub(super) fn pad(batch: &mut Batch, length: usize) {
    if batch.len() < length {
        batch.tokens.resize(length, 0);
        batch.targets.resize(length, 0);
        batch.weights.resize(length, 0.0);
        batch.documents.push(length);
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::store::tests::{documents_of, store_of};
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn pieces_hold_every_document_once(
            lengths in proptest::collection::vec(1usize..40, 1..12), context in 1usize..50,
        ) {
            let documents = documents_of(&lengths);
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
