//! Which documents an epoch takes, so that datasets have the shares that the recipe asks for.
//!
//! A mix is made before there is a tokenizer, by an estimate of 4 bytes a token. Code, Chinese or
//! formulas have more tokens than that, so the true shares are others than the recipe's. An epoch
//! therefore takes of each dataset, in the epoch's order of documents, whole documents until the
//! dataset has its share; what is left out comes in other epochs, whose order is another. Nothing
//! is repeated: how often a document may come was settled when the mix was made. Where more than a
//! quarter of all tokens would have to be left out the fault is not the estimate's, and the mix is
//! taken as it is.

use super::TokenStore;
use super::fit::Piece;
use super::order::order;

/// What keeps the shuffle of the documents apart from that of the rows.
const DOCUMENTS: u64 = 0;
/// Most that is left out for the recipe's sake, as a share of all tokens.
const MOST_LEFT_OUT: f64 = 0.25;

/// How much of each dataset an epoch takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Tokens of each dataset of the store, from which on no more documents of it are taken.
    quotas: Option<Vec<u64>>,
}

impl Draw {
    /// Every document in every epoch.
    pub fn all() -> Self {
        Self { quotas: None }
    }

    /// Holds a store to the shares asked for, by dataset name, as far as that is sensible. Datasets
    /// without a share are taken whole; those without tokens leave their share to the others.
    pub fn new(store: &TokenStore, shares: &[(String, f64)]) -> Self {
        let tokens = tokens_of(store);
        let asked: Vec<Option<f64>> = store
            .datasets()
            .iter()
            .map(|name| shares.iter().find(|(other, _)| other == name).map(|&(_, share)| share))
            .collect();
        // The largest epoch in which no dataset gives more than it has.
        let most = tokens
            .iter()
            .zip(&asked)
            .filter_map(|(&tokens, share)| {
                share.filter(|share| *share > 0.0).map(|share| tokens as f64 / share)
            })
            .fold(f64::INFINITY, f64::min);
        if most.is_infinite() {
            return Self::all();
        }
        let quotas: Vec<u64> = tokens
            .iter()
            .zip(&asked)
            .map(|(&tokens, share)| {
                share.map_or(tokens, |share| ((share * most).round() as u64).min(tokens))
            })
            .collect();
        let left: u64 = quotas.iter().sum();
        let enough = left as f64 >= (1.0 - MOST_LEFT_OUT) * store.tokens() as f64;
        if !enough || quotas == tokens {
            return Self::all();
        }
        Self { quotas: Some(quotas) }
    }

    /// Whether documents are left out to hold the recipe's shares.
    pub fn leaves_out(&self) -> bool {
        self.quotas.is_some()
    }

    /// The documents of an epoch, whole, in its order.
    pub(super) fn documents(&self, store: &TokenStore, seed: u64, epoch: u64) -> Vec<Piece> {
        let mut left = self.quotas.clone();
        order(store.documents(), seed, epoch, DOCUMENTS)
            .into_iter()
            .filter_map(|document| {
                let length = store.length(document as usize) as u32;
                if let Some(left) = &mut left {
                    let left = &mut left[store.dataset(document as usize)];
                    if *left == 0 {
                        return None;
                    }
                    *left = left.saturating_sub(u64::from(length));
                }
                Some(Piece { document, start: 0, length })
            })
            .collect()
    }
}

/// Tokens of each dataset of a store.
pub(super) fn tokens_of(store: &TokenStore) -> Vec<u64> {
    let mut tokens = vec![0; store.datasets().len()];
    for document in 0..store.documents() {
        tokens[store.dataset(document)] += store.length(document) as u64;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::super::store::tests::store_of_datasets;
    use super::*;

    #[test]
    fn an_epoch_has_the_shares_asked_for() {
        let documents: Vec<_> = (0..400usize)
            .map(|n| (vec![1; 1 + n % 9], if n % 2 == 0 { "a" } else { "b" }))
            .collect();
        let (_home, store) = store_of_datasets(&[documents]);
        let all = tokens_of(&store);
        let shares = |a: f64, b: f64| [("a".to_owned(), a), ("b".to_owned(), b)];
        let cases = [
            (shares(0.5, 0.5), true),
            (shares(0.6, 0.4), true),
            // Would leave out two thirds of `b`, a third of all: the mix is taken as it is.
            (shares(0.75, 0.25), false),
            (shares(0.0, 0.0), false),
        ];
        for (shares, held) in cases {
            let draw = Draw::new(&store, &shares);
            for epoch in 0..2 {
                let drawn = draw.documents(&store, 3, epoch);
                let mut tokens = [0u64; 2];
                for piece in &drawn {
                    tokens[store.dataset(piece.document as usize)] += u64::from(piece.length);
                }
                let total = tokens[0] + tokens[1];
                if !held {
                    assert_eq!(tokens[..], all);
                    continue;
                }
                for (tokens, (_, share)) in tokens.iter().zip(&shares) {
                    // To within one document.
                    assert!((*tokens as f64 - share * total as f64).abs() < 12.0, "{tokens}");
                }
            }
            let documents = |epoch| draw.documents(&store, 3, epoch);
            assert_ne!(documents(0), documents(1), "what is left out is not always the same");
        }
        let draw = Draw::new(&store, &[("c".to_owned(), 1.0)]);
        assert_eq!((draw.leaves_out(), draw), (false, Draw::all()));
    }
}
