//! Numbers spelled out: `twenty-one`, `minus three and a half`, `five hundredths`, `two million`.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::word::is_remark;
use crate::unit;
use crate::value::{Expr, Quantity};

/// Whether a word begins a number in words.
pub(super) fn starts_number(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    small(&word).is_some() || matches!(word.as_str(), "negative" | "minus")
}

/// A number in words with the noun that may follow.
pub(super) fn number(words: &str) -> Option<Quantity> {
    let spelled = words.replace(['-', '\u{2010}'], " ");
    let mut rest: Vec<&str> = spelled.split_whitespace().collect();
    let negative = matches!(rest.first(), Some(&("negative" | "minus")));
    if negative {
        rest.remove(0);
    }
    // `half`, `million` behind a dropped article.
    if let [part] = rest.as_slice()
        && !negative
        && let Some(value) = alone(part)
    {
        return Some(Quantity::plain(Expr::Number(value)));
    }
    let (value, used) = cardinal(&rest)?;
    let mut value = BigRational::from_integer(value);
    let mut rest = &rest[used..];
    if let ["point", digits @ ..] = rest {
        let mut place = BigRational::new(1.into(), 10.into());
        let ten = BigRational::from_integer(10.into());
        let taken = digits.iter().map_while(|w| small(w).filter(|n| *n < 10));
        let mut count = 0;
        for digit in taken {
            value += &place * BigRational::from_integer(digit.into());
            place /= &ten;
            count += 1;
        }
        if count == 0 {
            return None;
        }
        rest = &digits[count..];
    }
    if let [part, after @ ..] = rest
        && let Some(below) = fraction_part(part, !part.ends_with('s'))
        && !value.is_zero()
    {
        value = fraction(&value, below, part)?;
        rest = after;
    } else if let ["and", count, part, after @ ..] = rest
        && let Some(below) = fraction_part(part, !part.ends_with('s'))
    {
        let above = if *count == "a" { 1 } else { small(count)? };
        if above == 0 || above >= below || !value.is_integer() {
            return None;
        }
        value += fraction(&BigRational::from_integer(above.into()), below, part)?;
        rest = after;
    }
    let value = if negative { -value } else { value };
    let mut quantity = Quantity::plain(Expr::Number(value));
    if rest.is_empty() {
        return Some(quantity);
    }
    if matches!(rest, ["percent"]) {
        quantity.percent = true;
        return Some(quantity);
    }
    let beside = rest.join(" ");
    let (unit, after) = unit::take(&beside, true)?;
    if !(after.is_empty() || is_remark(after)) {
        return None;
    }
    quantity.unit = Some(unit);
    Some(quantity)
}

/// `three` and `quarters`. `twenty-fifth` is an ordinal, and `two hundred thousandths` are two things.
fn fraction(above: &BigRational, below: u64, part: &str) -> Option<BigRational> {
    let most = if below < 100 { 20 } else { 10 };
    let plural = part.ends_with('s');
    (plural != above.is_one() && *above < BigRational::from_integer(most.into()))
        .then(|| above / BigRational::from_integer(below.into()))
}

fn alone(word: &str) -> Option<BigRational> {
    // Others (`third`) are more often ordinals.
    let parts = fraction_part(word, true).filter(|_| matches!(word, "half" | "quarter"));
    let part = || parts.map(|parts| BigRational::new(1.into(), parts.into()));
    scale(word).map(|scale| BigRational::from_integer(scale.into())).or_else(part)
}

/// A whole number in words, and how many words it takes.
fn cardinal(words: &[&str]) -> Option<(BigInt, usize)> {
    let (mut total, mut group) = (BigInt::zero(), 0u64);
    let (mut used, mut any) = (0, false);
    // What may still follow in this group: after `twenty` a digit, after `five` only a multiple.
    let (mut room, mut largest) = (1000u64, u64::MAX);
    for (at, word) in words.iter().enumerate() {
        if let Some(value) = small(word) {
            if value >= room || (value == 0 && any) {
                return None;
            }
            group += value;
            room = if value >= 20 { 10 } else { 0 };
        } else if *word == "hundred" {
            if !(1..10).contains(&group) {
                return None;
            }
            group *= 100;
            room = 100;
        } else if let Some(scale) = scale(word) {
            if group == 0 || scale >= largest {
                return None;
            }
            total += BigInt::from(group) * scale;
            (group, room, largest) = (0, 1000, scale);
        } else if *word == "and" && any && words.get(at + 1).is_some_and(|w| small(w).is_some()) {
            // `three and three quarters`
            if room == 0 {
                break;
            }
            continue;
        } else {
            break;
        }
        any = true;
        used = at + 1;
    }
    any.then(|| (total + BigInt::from(group), used))
}

pub(super) fn small(word: &str) -> Option<u64> {
    const UNITS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let place = |list: &[&str]| list.iter().position(|w| *w == word).map(|at| at as u64);
    place(&UNITS).or_else(|| place(&TENS).map(|at| (at + 2) * 10))
}

/// What a word multiplies the number before it by.
pub(super) fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        _ => return None,
    })
}

/// `half` 2, `thirds` 3; `one` says whether the singular is meant.
fn fraction_part(word: &str, one: bool) -> Option<u64> {
    let singular = word.strip_suffix('s').unwrap_or(word);
    if singular == "halve" || word == "half" {
        return (one || word == "halves").then_some(2);
    }
    const PARTS: [(&str, u64); 12] = [
        ("third", 3),
        ("quarter", 4),
        ("fourth", 4),
        ("fifth", 5),
        ("sixth", 6),
        ("seventh", 7),
        ("eighth", 8),
        ("ninth", 9),
        ("tenth", 10),
        ("twelfth", 12),
        ("hundredth", 100),
        ("thousandth", 1000),
    ];
    PARTS.iter().find(|(name, _)| *name == singular).map(|(_, parts)| *parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        let value = |text: &str| match number(text) {
            Some(Quantity { value: Expr::Number(value), .. }) => Some(value.to_string()),
            _ => None,
        };
        for (text, expect) in [
            ("twenty-one", "21"),
            ("one hundred and five", "105"),
            ("minus five", "-5"),
            ("three quarters", "3/4"),
            ("one third", "1/3"),
            ("half", "1/2"),
            ("two and a half", "5/2"),
            ("three and three quarters", "15/4"),
            ("two and one third", "7/3"),
            ("five hundredths", "1/20"),
            ("three million", "3000000"),
            ("one point five", "3/2"),
        ] {
            assert_eq!(value(text).as_deref(), Some(expect), "{text}");
        }
        for text in [
            "third",
            "twenty-fifth",
            "twenty fifths",
            "two hundred thousandths",
            "ten thousandths",
            "five third",
            "two and three halves",
            "twenty and three quarters",
            "five and six",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
