//! Equations in prose that say no more than their last side: `x = 5`, `Area = 12`, `2 + 3 = 5`.

use super::word::{is_noun, is_plain, words};
use crate::notation;
use crate::value::{Quantity, Value};

/// Whether `left = number` says no more than the number: each side is one name or closed
/// arithmetic of the same value.
///
/// `2x = 10`, `x >= 5` and `5 - x = 3` are statements about x.
pub(super) fn defines(left: &str, number: &Quantity) -> bool {
    left.split(['=', '≈']).enumerate().all(|(place, side)| {
        let side = side.trim();
        if place == 0 && is_name(side) {
            return true;
        }
        // In prose the first side follows other words: `Omar picked 8 + 5 = 13 pears`.
        let sum = if place == 0 { without_lead(side) } else { Some(side) };
        sum.is_some_and(|sum| says(sum, number))
    })
}

/// Whether closed arithmetic has the value of a number.
pub(super) fn says(sum: &str, number: &Quantity) -> bool {
    let plain = sum.replace(['$', '\u{FF04}'], "");
    let Ok(Value::Quantity(quantity)) = notation::read(&plain) else { return false };
    if quantity.unit.is_some() || quantity.value.has_variable() {
        return false;
    }
    let bare = |q: &Quantity| {
        Value::Quantity(Quantity { percent: q.percent, ..Quantity::plain(q.value.clone()) })
    };
    super::readable::agree(&bare(&quantity), &bare(number))
}

/// A variable with an optional index, or words that name a quantity.
fn is_name(side: &str) -> bool {
    const GREEK: [&str; 10] = [
        "\\alpha", "\\beta", "\\gamma", "\\theta", "\\phi", "\\lambda", "\\mu", "\\omega",
        "\\sigma", "\\rho",
    ];
    let (name, index) = side.split_once('_').unwrap_or((side, "1"));
    let index = index.trim_matches(['{', '}']);
    let variable = GREEK.contains(&name)
        || (name.len() == 1 && name.starts_with(|c: char| c.is_ascii_alphabetic()));
    if variable {
        return index.len() < 5 && !index.is_empty() && index.chars().all(char::is_alphanumeric);
    }
    // A last lone letter is a variable again: `So x = 5`.
    let (lead, last) = side.rsplit_once(' ').unwrap_or(("", side));
    let letter = last.len() == 1 && last.starts_with(char::is_alphabetic);
    let after_word = lead.rsplit(' ').next().is_some_and(|word| word.len() > 1);
    (is_noun(last) || (letter && after_word)) && words_are_plain(lead)
}

/// Arithmetic without the plain words before it.
fn without_lead(side: &str) -> Option<&str> {
    let start = side.find(|c: char| !(c.is_alphabetic() || c.is_whitespace() || "',".contains(c)));
    let start = start.unwrap_or(side.len());
    let lead = &side[..start];
    let apart = lead.is_empty() || lead.ends_with(' ');
    (apart && words_are_plain(lead)).then(|| &side[start..])
}

fn words_are_plain(lead: &str) -> bool {
    words(lead).all(|word| is_plain(word) && (word.len() > 1 || word == "I" || word == "a"))
}
