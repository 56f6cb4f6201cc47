//! When a passage is an item in other words.
//!
//! The rule, over the share of the item's terms, the share of its numbers and the cosine of the embeddings of
//! passage and item:
//!
//! 1. Numbers that the item has and the passage lacks (beyond [`ParaphraseCriteria::numbers`]), or that the
//!    passage has and the item lacks (beyond [`ParaphraseCriteria::foreign`]), settle it: no.
//! 2. The cosine must reach [`ParaphraseCriteria::cosine_words`], and of a short question
//!    [`ParaphraseCriteria::cosine_short`].
//! 3. Two or more numbers that agree lower what is needed, in proportion to their weight, down to
//!    [`ParaphraseCriteria::cosine_numbers`] at a weight of [`NUMBERS_WEIGHT`].
//! 4. Without embeddings the share of terms must reach [`ParaphraseCriteria::share_alone`], and without
//!    numbers half of what is left to 1 more.
//! 5. A judge, if there is one, is asked within [`ParaphraseCriteria::grey`] of these cosines; when it fails the answer is
//!    yes.

use super::criteria::ParaphraseCriteria;
use super::passage::{Numbers, Passage};
use crate::ParaphraseJudge;

/// The weight of numbers from which they speak for themselves: about that of two numbers that hardly another
/// item has.
const NUMBERS_WEIGHT: f64 = 9.0;

/// What was settled, and why.
pub(crate) struct Settled {
    pub condemns: bool,
    /// From 0 to 1.
    pub score: f64,
    pub reason: String,
}

/// What is held against each other.
pub(crate) struct Pair<'a> {
    /// The passage's text and the item's.
    pub texts: (&'a str, &'a str),
    /// How many numbers the item has.
    pub numbers: usize,
    /// Whether the item is a short question.
    pub short: bool,
}

/// Settles one candidate. `cosine` is asked for when it is needed and gives `None` without embeddings.
///
/// # Errors
/// What `cosine` gives.
pub(crate) fn settle<E>(
    criteria: &ParaphraseCriteria,
    passage: &Passage,
    pair: &Pair<'_>,
    cosine: impl FnOnce() -> Result<Option<f64>, E>,
    judge: Option<&dyn ParaphraseJudge>,
) -> Result<Settled, E> {
    let numbers = pair.numbers;
    let share = passage.share;
    let told = match passage.numbers {
        Some(found) => {
            let (share, found) = (share * 100.0, found.found * 100.0);
            format!("{share:.0}% of its terms and {found:.0}% of its numbers")
        }
        None => format!("{:.0}% of its terms", share * 100.0),
    };
    let others = |n: Numbers| n.found < criteria.numbers || n.foreign > criteria.foreign;
    if passage.numbers.is_some_and(others) {
        let reason = format!("other numbers: {told}");
        return Ok(Settled { condemns: false, score: share.min(1.0) / 2.0, reason });
    }
    let Some(cosine) = cosine()? else {
        let needed = match numbers {
            2.. if !pair.short => criteria.share_alone,
            _ => criteria.share_alone + (1.0 - criteria.share_alone) / 2.0,
        };
        let reason = format!("{told}; {:.0}% of terms needed without embeddings", needed * 100.0);
        let condemns = share >= needed && !pair.short;
        return Ok(Settled { condemns, score: share.min(1.0), reason });
    };
    let needed = match numbers {
        _ if pair.short => criteria.cosine_short,
        2.. => {
            let sure = passage.numbers.map_or(0.0, |n| (n.weight / NUMBERS_WEIGHT).min(1.0));
            criteria.cosine_words - sure * (criteria.cosine_words - criteria.cosine_numbers)
        }
        _ => criteria.cosine_words,
    };
    let mut condemns = cosine >= needed;
    let mut reason = format!("{told}, cosine {cosine:.2}, needed {needed:.2}");
    if let Some(judge) = judge
        && (cosine - needed).abs() <= criteria.grey
    {
        match judge.same(pair.texts.0, pair.texts.1) {
            Ok(same) => {
                condemns = same;
                let said = if same { "the same" } else { "another question" };
                reason.push_str(&format!("; the judge says: {said}"));
            }
            Err(error) => {
                condemns = true;
                reason.push_str(&format!("; the judge failed ({error}), which never means clean"));
            }
        }
    }
    Ok(Settled { condemns, score: cosine.clamp(0.0, 1.0), reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Judge(Result<bool, String>);

    impl ParaphraseJudge for Judge {
        fn identity(&self) -> String {
            "test".into()
        }

        fn same(&self, _: &str, _: &str) -> Result<bool, String> {
            self.0.clone()
        }
    }

    #[test]
    fn the_rule() {
        let criteria = ParaphraseCriteria::default();
        for (share, found, numbers, cosine, judge, condemns) in [
            (0.5, Some(1.0), 3, Some(0.7), None, true),
            (0.5, Some(1.0), 3, Some(0.5), None, false),
            (0.9, Some(0.7), 3, Some(0.95), None, false),
            (0.5, Some(1.0), 1, Some(0.7), None, false),
            (0.5, None, 0, Some(0.8), None, true),
            (0.5, None, 0, Some(0.7), None, false),
            (0.6, Some(1.0), 2, None, None, true),
            (0.6, None, 0, None, None, false),
            (0.5, None, 0, Some(0.7), Some(Ok(true)), true),
            (0.5, None, 0, Some(0.8), Some(Ok(false)), false),
            (0.5, None, 0, Some(0.7), Some(Err("no reply".to_owned())), true),
            (0.5, None, 0, Some(0.3), Some(Err("not asked".to_owned())), false),
        ] {
            let numbers_found = found.map(|found| Numbers { found, foreign: 0.0, weight: 10.0 });
            let passage =
                Passage { start: 0, end: 1, share, likeness: share, numbers: numbers_found };
            let judge = judge.map(Judge);
            let judge = judge.as_ref().map(|judge| judge as &dyn ParaphraseJudge);
            let pair = Pair { texts: ("a", "b"), numbers, short: false };
            let cosine = || Ok::<_, std::convert::Infallible>(cosine);
            let Ok(settled) = settle(&criteria, &passage, &pair, cosine, judge);
            assert_eq!(settled.condemns, condemns, "{}", settled.reason);
        }
    }
}
