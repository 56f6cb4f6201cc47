//! When an overlap is contamination, and why.
//!
//! A light edit changes any words; another problem from the same template changes the numbers and
//! the names and nothing else. So besides the share of an item that stands in a text it counts
//! whether its numbers do. Where they do not, only a long story that no other item tells, word for
//! word, is still this item. Short questions must be quoted whole, as sentences of their own.

use super::borders::Borders;
use crate::benchmark_file::Part;
use crate::criteria::Criteria;

/// What a comparison of an item with a stretch of a text has shown. Words that the text's template
/// has are not counted in any of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// The words of the item.
    pub words: usize,
    /// The weighted share of them that stands in the text, from 0 to 1.
    pub score: f64,
    /// The same of those that are neither numbers nor names.
    pub story: f64,
    /// The numbers that stand there, and all.
    pub numbers: (usize, usize),
    /// The names that stand there, and all.
    pub names: (usize, usize),
    /// The different words that stand there and are neither common nor numbers, and all.
    pub content: (usize, usize),
    /// Words left out because the text's template has them.
    pub template: usize,
    /// Whether nothing but the template's words would be left: then all words were counted.
    pub all_template: bool,
    /// The weighted share of what the item has and others of its kind have not; `None` when no other
    /// item is of its kind.
    pub particular: Option<f64>,
    /// Whether the text comes to the item's answer.
    pub answer: Option<bool>,
    /// What stands around the stretch.
    pub borders: Option<Borders>,
}

/// Whether the findings condemn, and why or why not in words.
pub fn judge(criteria: &Criteria, part: Part, found: &Findings) -> (bool, String) {
    let mut reason = format!("{:.0}% of the {} by weight", found.score * 100.0, part.as_str());
    let objection = if matches!(part, Part::Question | Part::Options) {
        question(criteria, found)
    } else {
        share(found, criteria.answer_share).or_else(|| numbers(found, 0))
    };
    let agreed = match found.answer {
        Some(true) => Some("the answer agrees".to_owned()),
        Some(false) => Some("the answer is another".to_owned()),
        None => None,
    };
    let template = (found.template > 0)
        .then(|| format!("{} words of the template not counted", found.template));
    let kept = (found.numbers.1 > 0)
        .then(|| format!("{} of {} numbers are the same", found.numbers.0, found.numbers.1));
    for more in [kept, agreed, template, objection.clone()].into_iter().flatten() {
        reason.push_str("; ");
        reason.push_str(&more);
    }
    (objection.is_none(), reason)
}

fn share(found: &Findings, needed: f64) -> Option<String> {
    (found.score < needed).then(|| format!("{:.0}% needed", needed * 100.0))
}

fn question(criteria: &Criteria, found: &Findings) -> Option<String> {
    let short = found.words <= criteria.short_words;
    let agreed = found.answer == Some(true);
    if short && found.content.1 + found.numbers.1.min(2) < criteria.short_distinctive {
        return Some("an everyday phrase".to_owned());
    }
    if found.all_template && found.score < 0.95 {
        return Some("all of it is in the template".to_owned());
    }
    let needed = criteria.share_needed(found.words) - if agreed { 0.1 } else { 0.0 };
    share(found, needed)
        .or_else(|| if short { whole(found) } else { None })
        .or_else(|| particular(found))
        .or_else(|| numbers(found, if short { found.numbers.1 } else { 0 }))
        .or_else(|| names(found, short))
}

/// A short question stands by itself; a very short one on a line by itself.
fn whole(found: &Findings) -> Option<String> {
    let borders = found.borders?;
    let verbatim = found.score > 0.999;
    let telling = found.content.1 + found.numbers.1;
    let good = if telling >= 4 && verbatim && found.words >= 7 {
        borders.begins || borders.ends
    } else if found.words <= 4 && found.numbers.1 == 0 && found.names.1 == 0 {
        borders.line
    } else {
        borders.whole()
    };
    (!good).then(|| "it is part of another sentence there".to_owned())
}

/// Where others of the item's kind are registered, what only it has must be there.
fn particular(found: &Findings) -> Option<String> {
    let share = found.particular?;
    (share < 0.6)
        .then(|| format!("only {:.0}% of what sets it apart from items like it", share * 100.0))
}

/// At least half of the numbers must be the same (a third, when the answer agrees), or the story
/// must be this item's.
fn numbers(found: &Findings, least: usize) -> Option<String> {
    let (kept, all) = found.numbers;
    let agreed = found.answer == Some(true);
    let half = if agreed { all.div_ceil(3) } else { all.div_ceil(2) };
    let least = if agreed { half } else { least.max(half) };
    if kept >= least || (found.words > 24 && own_story(found, kept == 0 && all > 1)) {
        return None;
    }
    Some("other numbers make it another problem".to_owned())
}

/// A name may be replaced throughout, unless names are all that tells such items apart.
fn names(found: &Findings, short: bool) -> Option<String> {
    let (kept, all) = found.names;
    let enough = match (short, found.numbers.1) {
        (true, _) => kept * 2 > all || all == 0 || found.answer == Some(true),
        (false, 0) => kept * 2 >= all || own_story(found, false),
        (false, _) => true,
    };
    (!enough).then(|| "other names make it another problem".to_owned())
}

/// Whether the item tells a story of its own, and the text tells it word for word.
fn own_story(found: &Findings, no_number: bool) -> bool {
    let content = if no_number { 20 } else { 10 };
    let names = found.names.0 * 2 >= found.names.1;
    found.particular.is_none() && found.story >= 0.9 && found.content.0 >= content && names
}
