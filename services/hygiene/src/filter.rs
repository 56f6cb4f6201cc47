//! Says at once that a hash is in no benchmark.
//!
//! Nearly all shingles of nearly all texts are in none, so this decides how fast a check is. A
//! blocked Bloom filter (Putze, Sanders and Singler 2007) whose blocks are single words: one read of
//! memory a question, a yes wrong about once in three hundred, a no never.

/// Bits for each hash.
const BITS_EACH: usize = 32;

/// A set of hashes that may answer yes wrongly and never no.
#[derive(Clone, Debug)]
pub struct Filter {
    words: Vec<u64>,
    mask: usize,
}

impl Filter {
    /// An empty filter with room for `count` hashes.
    pub fn with_room(count: usize) -> Self {
        let words = (count * BITS_EACH / 64).next_power_of_two().max(16);
        Self { words: vec![0; words], mask: words - 1 }
    }

    /// Puts a hash in. Its bits must be well mixed.
    pub fn insert(&mut self, hash: u64) {
        let (at, bits) = self.place(hash);
        self.words[at] |= bits;
    }

    /// Whether the hash may have been put in.
    pub fn may_contain(&self, hash: u64) -> bool {
        let (at, bits) = self.place(hash);
        self.words[at] & bits == bits
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let bit = |shift: u32| 1u64 << ((hash >> shift) & 63);
        ((hash >> 24) as usize & self.mask, bit(0) | bit(6) | bit(12) | bit(18))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_little_else() {
        let hash = |n: u64| crate::shingle::mix(n + 1);
        let mut filter = Filter::with_room(10_000);
        (0..10_000).for_each(|n| filter.insert(hash(n)));
        assert!((0..10_000).all(|n| filter.may_contain(hash(n))));
        let wrong = (10_000..110_000).filter(|n| filter.may_contain(hash(*n))).count();
        assert!(wrong < 1_000, "{wrong}");
    }
}
