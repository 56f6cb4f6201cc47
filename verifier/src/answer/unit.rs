//! Units: what may stand beside a number without being a part of it.

use std::sync::LazyLock;

use regex::Regex;

use super::dress::regex;

/// Words that join numbers into something larger, or stand for a number themselves.
pub(super) fn is_operator(word: &str) -> bool {
    const OPERATORS: [&str; 30] = [
        "and",
        "or",
        "to",
        "pi",
        "sqrt",
        "plus",
        "minus",
        "times",
        "over",
        "mod",
        "log",
        "ln",
        "sin",
        "cos",
        "tan",
        "exp",
        "squared",
        "cubed",
        "factorial",
        "divided",
        "multiplied",
        "choose",
        "frac",
        "infty",
        "million",
        "billion",
        "thousand",
        "hundred",
        "dozen",
        "through",
    ];
    OPERATORS.contains(&word.to_lowercase().as_str())
}

/// The unit that a currency sign stands for.
pub(super) fn currency_name(sign: char) -> Option<&'static str> {
    Some(match sign {
        '$' | '\u{FF04}' => "dollar",
        '€' => "euro",
        '£' => "pound",
        '¥' => "yen",
        '₹' => "rupee",
        _ => return None,
    })
}

/// A unit in its normal spelling; `None` when the text is not one.
pub(super) fn unit(text: &str, spaced: bool) -> Option<String> {
    static UNIT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^[\p{L}°Ωµ'.-]+(?:\^\{?-?\d\}?|[²³⁻¹])*(?:[ /×]{1,3}[\p{L}°Ωµ'.-]+(?:\^\{?-?\d\}?|[²³⁻¹])*){0,5}$",
        )
    });
    /// Single letters that are units, not variables.
    const LETTERS: &str = "msgNJWVAKCLlhFMTΩ°";
    if let Some(name) = currency_name(text.chars().next()?) {
        return (text.chars().count() == 1).then(|| name.to_owned());
    }
    if text.len() > 60 || !UNIT.is_match(text) {
        return None;
    }
    let words: Vec<&str> = text.split([' ', '/', '×']).filter(|w| !w.is_empty()).collect();
    for (place, word) in words.iter().enumerate() {
        let letters: String = word.chars().filter(|c| c.is_alphabetic()).collect();
        let lone = letters.chars().count() == 1 && place == 0;
        if is_operator(&letters) || (lone && !LETTERS.contains(letters.as_str())) {
            return None;
        }
        // `3abc` is a product of variables, `3 abc` a unit; `3cm` is short enough to be one.
        if place == 0 && !spaced && letters.chars().count() > 4 {
            return None;
        }
    }
    let spelled = text.trim_end_matches('.').replace(['{', '}'], "").replace('²', "^2");
    let spelled = spelled.replace('³', "^3").replace(" / ", "/").replace("° ", "°");
    Some(match spelled.as_str() {
        "°" => "degree".to_owned(),
        word if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") => {
            word[..word.len() - 1].to_lowercase()
        }
        word if word.len() > 3 => word.to_lowercase(),
        word => word.to_owned(),
    })
}
