//! When an overlap is contamination.
//!
//! A score is the weighted share of an item's words that stand in the text inside shared shingles.
//! The share needed falls from [`SHORT_SHARE`] at [`SHORT_WORDS`] words to [`LONG_SHARE`] at
//! [`LONG_WORDS`] words, linearly: seven words in common are most of a short question and say
//! nothing about it, while half of a long one does not recur by chance. `examples/measure.rs` shows
//! what another choice does to given files.

/// The share needed of a long question, in (0, 1].
const LONG_SHARE: f64 = 0.4;

/// The words from which a question is long.
const LONG_WORDS: usize = 28;

/// The share needed of a short question, in (0, 1].
const SHORT_SHARE: f64 = 0.95;

/// The words up to which a question is short.
pub const SHORT_WORDS: usize = 12;

/// The least number of different words that are not common which a short question must have; with
/// fewer it is an everyday phrase, which its presence says nothing about.
pub const SHORT_DISTINCTIVE: usize = 2;

/// The share needed of an answer, in (0, 1].
pub const ANSWER_SHARE: f64 = 0.8;

/// The words from which an answer alone can condemn a text: shorter ones recur by themselves.
pub const ANSWER_WORDS: usize = 40;

/// The least score that is reported at all.
pub const REPORTED: f64 = 0.15;

/// The most overlaps reported for one text.
pub const OVERLAPS: usize = 3;

/// The share needed of a question of `words` words.
pub fn share_needed(words: usize) -> f64 {
    if words <= SHORT_WORDS {
        return SHORT_SHARE;
    }
    if words >= LONG_WORDS {
        return LONG_SHARE;
    }
    let way = (words - SHORT_WORDS) as f64 / (LONG_WORDS - SHORT_WORDS) as f64;
    SHORT_SHARE + way * (LONG_SHARE - SHORT_SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_questions_need_a_smaller_share() {
        let shares: Vec<_> = (1..60).map(share_needed).collect();
        assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!((shares[0], shares[58]), (SHORT_SHARE, LONG_SHARE));
    }
}
