//! How many words a text has, and how long they are.

use super::words::Words;
use super::{Limits, Reason, Rule};

/// Words below which their mean length and the lack of stop words say nothing.
const ENOUGH: usize = 50;

pub(super) fn check(
    words: &Words,
    language: Option<&'static str>,
    limits: &Limits,
    reasons: &mut Vec<Reason>,
) {
    let (count, least, most) = (words.count, limits.min_words, limits.max_words);
    if count < least || count == 0 {
        let badness = 1.0 - count as f64 / least.max(1) as f64;
        let detail = format!("{count} words; at least {}", least.max(1));
        let (measured, limit) = (count as f64, least.max(1) as f64);
        reasons.push(Reason::new(Rule::TooShort, measured, limit, badness, detail));
    }
    if count > most {
        let badness = 1.0 - most as f64 / count as f64;
        let detail = format!("{count} words; at most {most}");
        reasons.push(Reason::new(Rule::TooLong, count as f64, most as f64, badness, detail));
    }
    if words.spelt < ENOUGH {
        return;
    }
    let mean = words.spelt_length as f64 / words.spelt as f64;
    let (least, most) = (limits.min_word_length, limits.max_word_length);
    if !(least..=most).contains(&mean) {
        let limit = if mean < least { least } else { most };
        let detail = format!("words have {mean:.1} characters on average; from {least} to {most}");
        let badness = 1.0 - (mean / limit).min(limit / mean);
        reasons.push(Reason::new(Rule::WordLength, mean, limit, badness, detail));
    }
    let english = language == Some("eng") || (language.is_none() && words.scripts.other == 0);
    if english && words.stop < limits.min_stop_words {
        let (stop, least) = (words.stop, limits.min_stop_words);
        let detail = format!("{stop} of the words that hold English together; at least {least}");
        let badness = 1.0 - stop as f64 / least as f64;
        reasons.push(Reason::new(Rule::StopWords, stop as f64, least as f64, badness, detail));
    }
}
