//! How much of each dataset goes into a mix.

/// What one dataset offers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Offer {
    /// Its weight in the recipe.
    pub weight: f64,
    /// Its tokens, once through.
    pub tokens: u64,
    /// How often it may be repeated.
    pub max_repeat: u32,
}

/// The tokens to draw of each dataset.
///
/// With a target, each dataset gets its share of it, but no more than it can give: the recipe's
/// weights then cannot be kept, and the manifest says which share was reached. Without one, the mix
/// is the largest that keeps the weights.
pub(crate) fn budgets(offers: &[Offer], target: Option<u64>) -> Vec<u64> {
    let sum: f64 = offers.iter().map(|offer| offer.weight).sum();
    let capacity = |offer: &Offer| offer.tokens.saturating_mul(u64::from(offer.max_repeat));
    let total = target.map_or_else(
        || {
            offers
                .iter()
                .filter(|offer| offer.tokens > 0)
                .map(|offer| capacity(offer) as f64 * sum / offer.weight)
                .fold(f64::INFINITY, f64::min)
        },
        |target| target as f64,
    );
    offers
        .iter()
        .map(|offer| {
            let share = total * offer.weight / sum;
            if share.is_finite() { (share.round() as u64).min(capacity(offer)) } else { 0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn offer(weight: f64, tokens: u64, max_repeat: u32) -> Offer {
        Offer { weight, tokens, max_repeat }
    }

    #[test]
    fn shares() {
        for (offers, target, expected) in [
            (vec![offer(1.0, 100, 1), offer(1.0, 50, 1)], None, vec![50, 50]),
            (vec![offer(1.0, 100, 1), offer(1.0, 50, 2)], None, vec![100, 100]),
            (vec![offer(3.0, 100, 1), offer(1.0, 100, 1)], Some(80), vec![60, 20]),
            (vec![offer(3.0, 10, 1), offer(1.0, 100, 1)], Some(80), vec![10, 20]),
            // A dataset that has nothing does not empty the others.
            (vec![offer(1.0, 100, 1), offer(1.0, 0, 1)], None, vec![100, 0]),
            (vec![offer(1.0, 0, 1)], None, vec![0]),
        ] {
            assert_eq!(budgets(&offers, target), expected, "{offers:?} {target:?}");
        }
    }

    proptest! {
        #[test]
        fn never_more_than_there_is(
            offers in prop::collection::vec((0.01f64..10.0, 0u64..1_000_000, 1u32..5), 1..6),
            target in prop::option::of(1u64..10_000_000),
        ) {
            let offers: Vec<_> = offers.into_iter().map(|(w, t, r)| offer(w, t, r)).collect();
            for (budget, offer) in budgets(&offers, target).iter().zip(&offers) {
                prop_assert!(*budget <= offer.tokens * u64::from(offer.max_repeat));
            }
        }
    }
}
