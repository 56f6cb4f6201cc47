//! When an overlap is contamination.

use serde::{Deserialize, Serialize};

/// The thresholds of a check. The defaults are meant to be used; see `examples/measure.rs` for how
/// to see what another choice does to given files.
///
/// A score is the weighted share of an item's words that stand in the text inside shared shingles.
/// The share needed falls from `short_share` at `short_words` words to `share` at `long_words`
/// words, linearly: seven words in common are most of a short question and say nothing about it,
/// while half of a long one does not recur by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Criteria {
    /// The share needed of a long question, in (0, 1].
    pub share: f64,
    /// The words from which a question is long.
    pub long_words: usize,
    /// The share needed of a short question, in (0, 1].
    pub short_share: f64,
    /// The words up to which a question is short.
    pub short_words: usize,
    /// The least number of different words that are not common which a short question must have;
    /// with fewer it is an everyday phrase, which its presence says nothing about.
    pub short_distinctive: usize,
    /// The share needed of an answer, in (0, 1].
    pub answer_share: f64,
    /// The words from which an answer alone can condemn a text: shorter ones recur by themselves.
    pub answer_words: usize,
    /// The least score that is reported at all.
    pub reported: f64,
    /// The most overlaps reported for one text.
    pub overlaps: usize,
}

impl Default for Criteria {
    fn default() -> Self {
        Self {
            share: 0.4,
            long_words: 28,
            short_share: 0.95,
            short_words: 12,
            short_distinctive: 2,
            answer_share: 0.8,
            answer_words: 40,
            reported: 0.15,
            overlaps: 3,
        }
    }
}

impl Criteria {
    /// The share needed of a question of `words` words.
    pub fn share_needed(&self, words: usize) -> f64 {
        if words <= self.short_words {
            return self.short_share;
        }
        if words >= self.long_words {
            return self.share;
        }
        let way = (words - self.short_words) as f64 / (self.long_words - self.short_words) as f64;
        self.short_share + way * (self.share - self.short_share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_questions_need_a_smaller_share() {
        let criteria = Criteria::default();
        let shares: Vec<_> = (1..60).map(|words| criteria.share_needed(words)).collect();
        assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!((shares[0], shares[58]), (criteria.short_share, criteria.share));
    }
}
