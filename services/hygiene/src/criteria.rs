//! When an overlap is contamination.
//!
//! A score is the weighted share of an item's words that stand in one place of the text. What else
//! counts is in [`crate::decontaminate`]'s verdict; the shares are here.
//!
//! The share needed falls from [`Criteria::short_share`] at [`Criteria::short_words`] words to [`Criteria::long_share`] at
//! [`Criteria::long_words`] words, linearly: seven words in common are most of a short question and say
//! nothing about it, while half of a long one does not recur by chance. `examples/measure.rs` shows
//! what another choice does to given files.

use crate::paraphrase::ParaphraseCriteria;
use serde::{Deserialize, Serialize};

/// The thresholds of a check. Unknown keys are refused; every key has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Criteria {
    /// The share needed of a long question, in (0, 1].
    pub long_share: f64,
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
    /// The share needed of a long program, in (0, 1].
    pub code_long_share: f64,
    /// The tokens of its body from which a program is long.
    pub code_long_tokens: usize,
    /// The share needed of a short program, in (0, 1].
    pub code_short_share: f64,
    /// The tokens up to which a program is short.
    pub code_short_tokens: usize,
    /// The tokens below which a program alone never condemns: it is everybody's.
    pub code_least_tokens: usize,
    /// The least score of a program that is reported at all.
    pub code_reported: f64,
    /// The least score that is reported at all.
    pub reported: f64,
    /// The most overlaps reported for one text.
    pub overlaps: usize,
    /// The thresholds of paraphrases.
    pub paraphrase: ParaphraseCriteria,
}

impl Default for Criteria {
    fn default() -> Self {
        Self {
            long_share: 0.55,
            long_words: 28,
            short_share: 0.75,
            short_words: 12,
            short_distinctive: 2,
            answer_share: 0.7,
            code_long_share: 0.72,
            code_long_tokens: 80,
            code_short_share: 0.95,
            code_short_tokens: 24,
            code_least_tokens: 10,
            code_reported: 0.5,
            reported: 0.15,
            overlaps: 3,
            paraphrase: ParaphraseCriteria::default(),
        }
    }
}

/// The words from which an answer alone can condemn a text: shorter ones recur by themselves, and
/// are not indexed.
pub const ANSWER_WORDS: usize = 40;

impl Criteria {
    /// The share needed of a question of `words` words.
    pub fn share_needed(&self, words: usize) -> f64 {
        between(words, (self.short_words, self.short_share), (self.long_words, self.long_share))
    }

    /// The share needed of a program of so many tokens; `None` when none is enough.
    pub fn code_share_needed(&self, tokens: usize) -> Option<f64> {
        let short = (self.code_short_tokens, self.code_short_share);
        let long = (self.code_long_tokens, self.code_long_share);
        (tokens >= self.code_least_tokens).then(|| between(tokens, short, long))
    }
}

/// What is needed at `length`: linear between the two, and level outside.
fn between(length: usize, short: (usize, f64), long: (usize, f64)) -> f64 {
    if length <= short.0 {
        return short.1;
    }
    if length >= long.0 {
        return long.1;
    }
    let way = (length - short.0) as f64 / (long.0 - short.0) as f64;
    short.1 + way * (long.1 - short.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_questions_need_a_smaller_share() {
        let criteria = Criteria::default();
        let shares: Vec<_> = (1..60).map(|words| criteria.share_needed(words)).collect();
        assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!((shares[0], shares[58]), (criteria.short_share, criteria.long_share));
    }
}
