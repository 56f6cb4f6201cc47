use super::fingerprint;
use crate::shingle::{WIDTH, Words};

/// Bands of a signature, and the rows of each. Texts of similarity s share a band with probability
/// 1 - (1 - s^5)^25: 0.9999 at 0.8, 0.98 at 0.68, 0.55 at 0.5 and 0.06 at 0.3.
pub(crate) const BANDS: usize = 25;
const ROWS: usize = 5;
const BINS: usize = BANDS * ROWS;

/// The least number of different shingles with which texts can be near duplicates. Shorter ones say too
/// little: one word more or less makes them another text.
const LEAST_SHINGLES: usize = 8;

/// What is kept of a text to find its duplicates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    /// The first 128 bits of its fingerprint.
    pub(crate) exact: u128,
    /// The hashes of its word shingles, sorted, each once. Empty when the text is too short to have near
    /// duplicates.
    pub(crate) shingles: Vec<u32>,
    /// A sum over its numbers that does not depend on their order.
    pub(crate) numbers: u64,
    /// A hash of each band of its signature.
    pub(crate) bands: [u64; BANDS],
}

impl Sketch {
    /// The sketch of a text.
    pub fn of(text: &str) -> Self {
        let mut recent = [0u64; WIDTH];
        let (mut shingles, mut numbers) = (Vec::new(), 0u64);
        let mut words = Words::new(text);
        let mut count = 0;
        while let Some((word, normal)) = words.advance() {
            if normal.as_bytes().first().is_some_and(u8::is_ascii_digit) {
                numbers = numbers.wrapping_add(spread(word.hash));
            }
            recent[count % WIDTH] = word.hash;
            count += 1;
            if count >= WIDTH {
                let oldest = count % WIDTH;
                let in_order = recent[oldest..].iter().chain(&recent[..oldest]);
                shingles.push(in_order.fold(0, |sum, word| spread(sum ^ *word)));
            }
        }
        shingles.sort_unstable();
        shingles.dedup();
        if shingles.len() < LEAST_SHINGLES {
            shingles.clear();
        }
        let bands = bands(&shingles);
        let mut short: Vec<u32> = shingles.iter().map(|shingle| (shingle >> 32) as u32).collect();
        // Sorted already: the upper half of sorted numbers is sorted.
        short.dedup();
        Self { exact: fingerprint(text).number(), shingles: short, numbers, bands }
    }

    /// The true Jaccard similarity of two texts' shingles, from 0 to 1.
    pub fn jaccard(&self, other: &Self) -> f64 {
        super::jaccard(&self.shingles, &other.shingles)
    }
}

/// The bands of a signature by one permutation (Li, Owen, Zhang 2012): the hash says the bin, the least of
/// each bin is kept, and an empty bin borrows from one that is not, found by hashing (Shrivastava 2017).
fn bands(shingles: &[u64]) -> [u64; BANDS] {
    let mut least = [u64::MAX; BINS];
    for shingle in shingles {
        let mixed = spread(*shingle);
        let bin = ((u128::from(mixed) * BINS as u128) >> 64) as usize;
        least[bin] = least[bin].min(spread(mixed));
    }
    let mut filled = least;
    if !shingles.is_empty() {
        for (bin, value) in filled.iter_mut().enumerate() {
            let mut attempt = 0u64;
            while *value == u64::MAX {
                attempt += 1;
                let from = spread((bin as u64) << 32 | attempt);
                *value = least[((u128::from(from) * BINS as u128) >> 64) as usize];
            }
        }
    }
    std::array::from_fn(|band| {
        filled[band * ROWS..(band + 1) * ROWS]
            .iter()
            .fold(band as u64, |sum, value| spread(sum ^ *value))
    })
}

/// A bijection of 64 bits that spreads every bit (the finaliser of SplitMix64).
fn spread(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
