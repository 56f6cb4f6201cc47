use std::ops::RangeInclusive;

use rand::{Rng as _, SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

/// A stream of random choices, the same on every machine for the same seed and name.
///
/// ChaCha8, keyed by the SHA-256 digest of the seed (8 bytes, little endian) and the name.
pub struct Draw(ChaCha8Rng);

impl Draw {
    /// The stream called `name` under `seed`. Streams of different names are independent.
    pub fn new(seed: u64, name: &str) -> Self {
        let mut key = Sha256::new();
        key.update(seed.to_le_bytes());
        key.update(name.as_bytes());
        Self(ChaCha8Rng::from_seed(key.finalize().into()))
    }

    /// A whole number of the range, each with the same chance.
    ///
    /// # Panics
    /// When the range is empty.
    pub fn int(&mut self, range: RangeInclusive<i64>) -> i64 {
        self.0.random_range(range)
    }

    /// True or false with the same chance.
    pub fn coin(&mut self) -> bool {
        self.int(0..=1) == 1
    }

    /// One entry of a table.
    ///
    /// # Panics
    /// When the table is empty.
    pub fn pick<'a, T>(&mut self, table: &'a [T]) -> &'a T {
        &table[self.int(0..=table.len() as i64 - 1) as usize]
    }

    /// `N` entries of a table at different places, in random order.
    ///
    /// # Panics
    /// When the table has fewer than `N` entries.
    pub fn pick_distinct<'a, T, const N: usize>(&mut self, table: &'a [T]) -> [&'a T; N] {
        let mut places: Vec<usize> = (0..table.len()).collect();
        self.shuffle(&mut places);
        std::array::from_fn(|at| &table[places[at]])
    }

    /// Brings a slice into random order.
    pub fn shuffle<T>(&mut self, slice: &mut [T]) {
        slice.shuffle(&mut self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_seed_and_name_alone() {
        let numbers = |seed, name| {
            let mut draw = Draw::new(seed, name);
            (0..8).map(|_| draw.int(0..=1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(7, "a"), numbers(7, "a"));
        assert_ne!(numbers(7, "a"), numbers(8, "a"));
        assert_ne!(numbers(7, "a"), numbers(7, "b"));
    }

    #[test]
    fn distinct_picks_are_distinct() {
        let mut draw = Draw::new(1, "test");
        for _ in 0..100 {
            let [a, b, c] = draw.pick_distinct(&[1, 2, 3]);
            assert_eq!(a + b + c, 6);
        }
    }
}
