//! Answers in words: numbers spelled out, sets with names, names and statements.

use super::number_word::{number, small};
use super::plain::{fold, squash, undressed};
use crate::answer::word::is_noun;
use crate::unit;
use crate::value::{Constant, Expr, NamedSet, Quantity, Value};

/// What a text in words says; `None` when it is empty.
pub(super) fn read(text: &str) -> Option<Value> {
    if let Some(value) = super::siunitx::read(text) {
        return Some(value);
    }
    let plain = undressed(text);
    let folded = fold(&plain);
    if folded.is_empty() {
        return None;
    }
    // `(B)`, set as text, is the letter.
    if let Some(letter) = folded.strip_prefix('(').and_then(|t| t.strip_suffix(')'))
        && letter.len() == 1
        && letter.bytes().all(|b| b.is_ascii_alphabetic())
    {
        return Some(Value::Quantity(Quantity::plain(Expr::variable(letter))));
    }
    if let Some(value) = approximate(text) {
        return Some(value);
    }
    if let Some(set) = named_set(&folded) {
        return Some(Value::Named(set));
    }
    if let Some(infinity) = infinity(&folded) {
        return Some(Value::Quantity(Quantity::plain(infinity)));
    }
    if let Some(based) = based(plain.trim()) {
        return Some(based);
    }
    let lower = folded.to_lowercase();
    // `a third` is one third, and `third` alone more often an ordinal.
    let with_article = || {
        let number = has_article(&plain).then(|| number(&format!("one {lower}"))).flatten();
        number.filter(|quantity| quantity.unit.is_none())
    };
    if let Some(quantity) = number(&lower).or_else(with_article).or_else(|| abbreviated(&plain)) {
        return Some(Value::Quantity(quantity));
    }
    if let Some(remark) = in_one_way(&lower) {
        return Some(Value::Text(remark.to_owned()));
    }
    let words = folded.chars().all(|c| c.is_alphanumeric() || " -'’.,()\"".contains(c));
    Some(Value::Text(if words { folded } else { squash(text) }))
}

fn named_set(words: &str) -> Option<NamedSet> {
    let words = words.trim_start_matches("set of ").trim_start_matches("x is ");
    Some(match words {
        "no solution"
        | "no solutions"
        | "empty set"
        | "null set"
        | "there is no solution"
        | "there are no solutions"
        | "no such x exists"
        | "无解"
        | "空集" => NamedSet::Empty,
        "all real numbers" | "all reals" | "real numbers" | "any real number"
        | "every real number" | "all real x" | "all real values" | "全体实数" | "所有实数"
        | "任意实数" => NamedSet::Reals,
        "all integers" | "integers" | "any integer" => NamedSet::Integers,
        "all positive integers" | "positive integers" => NamedSet::PositiveIntegers,
        "all rational numbers" | "rational numbers" => NamedSet::Rationals,
        "all complex numbers" | "complex numbers" => NamedSet::Complex,
        _ => return None,
    })
}

/// `about 5 N`: the number that is meant.
fn approximate(text: &str) -> Option<Value> {
    const MAX_LENGTH: usize = 200;
    const WORDS: [&str; 7] =
        ["about", "approximately", "approx", "approx.", "roughly", "around", "circa"];
    let text = text.trim();
    if text.len() > MAX_LENGTH {
        return None;
    }
    let (word, rest) = text
        .strip_prefix("\\text{")
        .and_then(|inner| inner.split_once('}'))
        .or_else(|| text.split_once(' '))?;
    let rest = rest.trim_start();
    let known = WORDS.iter().any(|known| word.trim().eq_ignore_ascii_case(known));
    if !known || !rest.starts_with(|c: char| c.is_ascii_digit() || "-−\\$".contains(c)) {
        return None;
    }
    super::read(rest).ok().filter(|value| matches!(value, Value::Quantity(_)))
}

/// A numeral and a unit with points in it: `25 sq. cm`.
fn abbreviated(text: &str) -> Option<Quantity> {
    let (numeral, rest) = text.trim().split_once(' ')?;
    let digits = numeral.bytes().all(|b| b.is_ascii_digit() || b"-./,".contains(&b));
    if !digits || !(rest.contains('.') || numeral.ends_with('.')) {
        return None;
    }
    let unit = unit::parse(rest.trim(), true).filter(|unit| unit.kind == unit::Kind::Certain)?;
    match super::read(numeral) {
        Ok(Value::Quantity(number)) if number.unit.is_none() && !number.percent => {
            Some(Quantity { unit: Some(unit), ..number })
        }
        _ => None,
    }
}

/// `0b1011`, `0x2A`, `1011 (base 2)`.
pub(super) fn based(text: &str) -> Option<Value> {
    let numeral = |digits: &str, base: u32| {
        super::numeral::in_base(digits, base).map(|value| Value::Based { value, base })
    };
    for (prefix, base) in [("0b", 2), ("0o", 8), ("0x", 16)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return numeral(digits, base);
        }
    }
    let (digits, base) = text.split_once("base")?;
    let base = base.trim().trim_end_matches(')').trim();
    let base = match small(base) {
        Some(base) => u32::try_from(base).ok()?,
        None => base.parse().ok()?,
    };
    if !(2..=36).contains(&base) {
        return None;
    }
    let digits = digits.trim().trim_end_matches(['(', ',']).trim();
    let digits = digits.strip_suffix("in").map_or(digits, str::trim_end);
    numeral(digits, base)
}

fn has_article(text: &str) -> bool {
    let first = text.split_whitespace().next();
    first.is_some_and(|word| word.eq_ignore_ascii_case("a") || word.eq_ignore_ascii_case("an"))
}

/// Remarks that are written in several ways.
fn in_one_way(words: &str) -> Option<&'static str> {
    Some(match words {
        "dne" | "does not exist" | "limit does not exist" => "does not exist",
        "infinitely many"
        | "infinitely many solutions"
        | "infinite solutions"
        | "infinite number of solutions"
        | "infinitely many solutions exist"
        | "there are infinitely many solutions" => "infinitely many solutions",
        _ => return None,
    })
}

/// `infinity`, `negative infinity`.
fn infinity(words: &str) -> Option<Expr> {
    let infinity = Expr::Constant(Constant::Infinity);
    match words {
        "infinity" | "positive infinity" | "plus infinity" | "无穷大" | "正无穷" => {
            Some(infinity)
        }
        "negative infinity" | "minus infinity" | "负无穷" => Some(infinity.negated()),
        _ => None,
    }
}

/// Whether a number is only described by what follows it: `in total`, `of pizza`, `left`.
pub(super) fn is_remark(rest: &str) -> bool {
    const REMARKS: [&str; 15] = [
        " in total",
        " in all",
        " altogether",
        " total",
        " left",
        " remaining",
        " each",
        " old",
        " long",
        " tall",
        " wide",
        " high",
        " deep",
        " away",
        " apart",
    ];
    let mut rest = rest;
    while !rest.is_empty() {
        let shorter = match rest.strip_prefix(" of ") {
            Some(of) => {
                let end = of.find(' ').unwrap_or(of.len());
                is_noun(&of[..end]).then(|| &of[end..])
            }
            None => REMARKS
                .iter()
                .find_map(|remark| rest.strip_prefix(remark))
                .filter(|after| after.is_empty() || after.starts_with(' ')),
        };
        let Some(shorter) = shorter else { return false };
        rest = shorter;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn approximate_numbers() {
        let quantity = |text: &str| matches!(read(text), Some(Value::Quantity(_)));
        assert!(quantity("about 5 N"));
        assert!(quantity("\\text{approximately } 9.8\\text{ m/s}^2"));
        for text in [
            "about half of 5".to_owned(),
            "about x".to_owned(),
            "about ".repeat(1 << 14),
            "\\text{about}".repeat(1 << 13),
        ] {
            assert!(!quantity(&text));
        }
    }

    #[test]
    fn abbreviated_units() {
        let read = |text| match read(text) {
            Some(Value::Quantity(Quantity { unit: Some(unit), .. })) => Some(unit.name),
            _ => None,
        };
        assert_eq!(read("25 sq. cm").as_deref(), Some("cm^2"));
        assert_eq!(read("3/4 sq. ft").as_deref(), Some("ft^2"));
        assert_eq!(read("100. mL").as_deref(), Some("mL"));
        assert_eq!(read("5 is. it"), None);
    }
}
