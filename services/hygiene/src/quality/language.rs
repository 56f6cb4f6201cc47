//! In which language the prose is.

use whatlang::Lang;

use super::words::Words;
use super::{Limits, Reason, Rule};

/// Letters below which the language is not told.
const LEAST_LETTERS: usize = 80;
/// Han characters and kana from which it is: each says far more than a letter.
const LEAST_CHARACTERS: usize = 8;
/// The share of stop words that shows English by itself. A text of any other language has fewer.
const ENGLISH: f64 = 0.12;
/// How sure trigrams must be: names and terms of mathematics make a few lines look like anything.
const SURE: f64 = 0.9;

/// The language of the prose, when it can be told.
pub(super) fn of(words: &Words) -> Option<&'static str> {
    let scripts = &words.scripts;
    let characters = scripts.han + scripts.kana;
    if characters >= LEAST_CHARACTERS && characters * 2 > scripts.total() {
        return Some(if scripts.kana * 10 > characters { "jpn" } else { "cmn" });
    }
    if scripts.total() < LEAST_LETTERS {
        return None;
    }
    if words.stop as f64 >= ENGLISH * words.spelt as f64 && scripts.latin * 2 > scripts.total() {
        return Some("eng");
    }
    let found = whatlang::detect(&words.sample)?;
    let sure = found.is_reliable() && found.confidence() >= SURE;
    // Without one stop word in so many, it is not even bad English.
    (sure && !(found.lang() == Lang::Eng && words.stop == 0)).then(|| found.lang().code())
}

pub(super) fn check(
    language: Option<&'static str>,
    words: &Words,
    limits: &Limits,
    reasons: &mut Vec<Reason>,
) {
    if let Some(found) = language
        && !limits.languages.is_empty()
        && !limits.languages.iter().any(|wanted| wanted == found)
    {
        let wanted = limits.languages.join(", ");
        let detail = format!("the prose is in `{found}`; wanted: {wanted}");
        reasons.push(Reason::new(Rule::Language, 1.0, 0.0, 0.5, detail));
    }
    let scripts = &words.scripts;
    let total = scripts.total();
    if total < LEAST_CHARACTERS {
        return;
    }
    let east = scripts.han + scripts.kana;
    let main = scripts.latin.max(east).max(scripts.other);
    // Latin terms belong to every technical text.
    let foreign = if main == scripts.latin { total - main } else { total - main - scripts.latin };
    let share = foreign as f64 / total as f64;
    if share > limits.mixed_scripts {
        let what = "of the letters are of another script than the rest";
        reasons.push(Reason::share(Rule::MixedScripts, share, limits.mixed_scripts, what));
    }
}
