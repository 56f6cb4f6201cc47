//! Orders that are drawn once and stay the same for ever.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A permutation of `count` things for a seed and an epoch: the same on every machine and for
/// every version of the random number crates (Fisher and Yates, with ChaCha8 keyed by seed, epoch
/// and `purpose`, which keeps the permutations of one epoch apart).
pub(super) fn order(count: usize, seed: u64, epoch: u64, purpose: u64) -> Vec<u32> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&epoch.to_le_bytes());
    key[16..24].copy_from_slice(&purpose.to_le_bytes());
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
mod tests {
    use super::*;

    #[test]
    fn the_order_is_fixed_forever() {
        // Computed once by another implementation of ChaCha8.
        assert_eq!(order(8, 7, 0, 0), [2, 5, 7, 4, 1, 0, 3, 6]);
        for other in [order(8, 7, 1, 0), order(8, 8, 0, 0), order(8, 7, 0, 1)] {
            assert_ne!(other, order(8, 7, 0, 0));
        }
    }
}
