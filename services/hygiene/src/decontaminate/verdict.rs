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
    /// The numbers in whose place the text has others.
    pub other_numbers: usize,
    /// The names in whose place the text has others.
    pub other_names: usize,
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
        share(found, criteria.answer_share).or_else(|| numbers(found, 0)).or_else(|| sums(found))
    };
    let agreed = match found.answer {
        Some(true) => Some("the answer agrees".to_owned()),
        Some(false) => Some("the answer is another".to_owned()),
        None => None,
    };
    let template = (found.template > 0)
        .then(|| format!("{} words of the template not counted", found.template));
    let kept = (found.numbers.1 > 0).then(|| {
        let (kept, all) = found.numbers;
        format!("{kept} of {all} numbers are the same, {} are others", found.other_numbers)
    });
    for more in [kept, agreed, template, objection.clone()].into_iter().flatten() {
        reason.push_str("; ");
        reason.push_str(&more);
    }
    (objection.is_none(), reason)
}

fn share(found: &Findings, needed: f64) -> Option<String> {
    (found.score < needed).then(|| format!("{:.0}% needed", needed * 100.0))
}

/// The least number of different words in an answer, besides numbers and common ones, that must be there.
const ANSWER_CONTENT: usize = 8;

/// An answer that is hardly more than sums recurs wherever such numbers are reckoned with.
fn sums(found: &Findings) -> Option<String> {
    (found.content.0 < ANSWER_CONTENT).then(|| "hardly more than sums is the same".to_owned())
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
    let good = if telling >= 6 && verbatim {
        true
    } else if telling >= 4 && verbatim && found.words >= 7 {
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

/// Where the text has other numbers, more must be the same (as many, when the answer agrees; four times as
/// many of an exercise that is no story, or of whose kind others are registered: one of their numbers may
/// be its own by chance), or the story must be this item's. Of `least` numbers none may be missing at all.
fn numbers(found: &Findings, least: usize) -> Option<String> {
    let (kept, all) = found.numbers;
    let agreed = found.answer == Some(true);
    let other = found.other_numbers;
    let exercise = found.words <= 24 || found.particular.is_some();
    let times = if exercise { 4 } else { 1 };
    let enough = match (other, agreed) {
        (_, true) => kept >= other,
        (0, false) => kept >= least.min(all),
        (_, false) => kept > other && kept >= times * other && kept >= least.min(all),
    };
    let told = found.words > 24 && own_story(found, if kept * 3 >= other.max(1) { 16 } else { 40 });
    (!enough && !told).then(|| "other numbers make it another problem".to_owned())
}

/// A name may be replaced throughout, unless names are all that tells such items apart.
fn names(found: &Findings, short: bool) -> Option<String> {
    let (kept, all) = found.names;
    let other = found.other_names;
    let enough = match (short, found.numbers.1) {
        (true, _) => (kept * 2 > all && other == 0) || all == 0 || found.answer == Some(true),
        (false, 0) => other == 0 || kept >= 3 * other || own_story(found, 10),
        (false, _) => true,
    };
    (!enough).then(|| "other names make it another problem".to_owned())
}

/// Whether the item tells a story of its own, of so many different words, and the text tells it
/// word for word.
fn own_story(found: &Findings, content: usize) -> bool {
    let names = found.names.0 >= found.other_names;
    found.particular.is_none() && found.story >= 0.9 && found.content.0 >= content && names
}
