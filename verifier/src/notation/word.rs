//! Answers in words: numbers spelled out, sets with names, names and statements.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;

use crate::answer::word::{is_noun, is_plain};
use crate::unit;
use crate::value::{Constant, Expr, NamedSet, Quantity, Value};

/// The longest text that is compared as words, in bytes.
const MAX_WORDS: usize = 1 << 17;

/// What a text in words says; `None` when it is empty.
pub(super) fn read(text: &str) -> Option<Value> {
    let plain = undressed(text);
    let folded = fold(&plain);
    if folded.is_empty() {
        return None;
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
    if let Some(quantity) = number(&folded.to_lowercase()) {
        return Some(Value::Quantity(quantity));
    }
    let words = folded.chars().all(|c| c.is_alphanumeric() || " -'’.,()\"".contains(c));
    Some(Value::Text(if words { folded } else { squash(text) }))
}

fn named_set(words: &str) -> Option<NamedSet> {
    let words = words.trim_start_matches("set of ").trim_start_matches("x is ");
    Some(match words {
        "no solution"
        | "no solutions"
        | "no real solution"
        | "no real solutions"
        | "empty set"
        | "null set"
        | "there is no solution"
        | "there are no solutions"
        | "no such x exists"
        | "no real roots"
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

/// Whether a word begins a number in words.
pub(super) fn starts_number(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    small(&word).is_some() || matches!(word.as_str(), "negative" | "minus")
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
    let base = match base {
        "two" => 2,
        "eight" => 8,
        "ten" => 10,
        "sixteen" => 16,
        base => base.parse().ok().filter(|base| (2..=36).contains(base))?,
    };
    let digits = digits.trim().trim_end_matches(['(', ',']).trim();
    let digits = digits.strip_suffix("in").map_or(digits, str::trim_end);
    numeral(digits, base)
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

/// A number in words with the noun that may follow.
fn number(words: &str) -> Option<Quantity> {
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
        && let Some(parts) = fraction_part(part, !part.ends_with('s'))
        && !value.is_zero()
    {
        value /= BigRational::from_integer(parts.into());
        rest = after;
    } else if let ["and", "a" | "one", "half", after @ ..] = rest {
        value += BigRational::new(1.into(), 2.into());
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

fn alone(word: &str) -> Option<BigRational> {
    match (scale(word), fraction_part(word, true)) {
        (Some(scale), _) => Some(BigRational::from_integer(scale.into())),
        (None, Some(parts)) if !word.ends_with('s') => {
            Some(BigRational::new(1.into(), parts.into()))
        }
        _ => None,
    }
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
            if room == 0 {
                return None;
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

fn small(word: &str) -> Option<u64> {
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

/// Whether a number is only described by what follows it: `in total`, `of pizza`, `left`.
pub(super) fn is_remark(rest: &str) -> bool {
    const REMARKS: [&str; 8] =
        [" in total", " in all", " altogether", " total", " left", " remaining", " each", " old"];
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

/// Without `\text{…}` and other dress of words; linear.
pub(super) fn undressed(text: &str) -> String {
    const FONTS: [&str; 13] = [
        "\\text",
        "\\textbf",
        "\\textit",
        "\\textrm",
        "\\mathrm",
        "\\mathbf",
        "\\mathit",
        "\\mbox",
        "\\operatorname",
        "\\textnormal",
        "\\mathsf",
        "\\emph",
        "\\ce",
    ];
    let mut plain = String::with_capacity(text.len());
    // For each open brace whether it belongs to a font.
    let mut fonts: Vec<bool> = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '\\' {
            let end =
                1 + rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1);
            if FONTS.contains(&&rest[..end]) && rest[end..].trim_start().starts_with('{') {
                let brace = end + rest[end..].find('{').unwrap_or(0) + 1;
                fonts.push(true);
                rest = &rest[brace..];
                continue;
            }
            if end == 1 {
                let escaped = rest[1..].chars().next();
                match escaped {
                    Some(',' | ';' | ':' | ' ' | '!' | '(' | ')' | '[' | ']') => plain.push(' '),
                    Some(c) => plain.push(c),
                    None => {}
                }
                rest = &rest[1 + escaped.map_or(0, char::len_utf8)..];
                continue;
            }
            plain.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        match first {
            '~' if rest.starts_with("~~") => {
                plain.push_str("~~");
                rest = &rest[1..];
            }
            '{' => {
                fonts.push(false);
                plain.push('{');
            }
            '}' => {
                if !fonts.pop().unwrap_or(false) {
                    plain.push('}');
                }
            }
            '$' | '~' => plain.push(' '),
            '’' => plain.push('\''),
            c => plain.push(c),
        }
        rest = &rest[first.len_utf8()..];
    }
    plain
}

/// Folds the case of words, single spaces, no article; of symbols (`mW`, `MW`, `CO`) the case
/// carries the meaning.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(MAX_WORDS));
    for word in text.split_whitespace() {
        let word = word.trim_matches(|c: char| "*_`\"“”".contains(c));
        if word.is_empty() {
            continue;
        }
        if !folded.is_empty() {
            folded.push(' ');
        }
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = word.chars().skip(1).any(char::is_uppercase);
        let shouted = letters > 3 && word.chars().all(|c| !c.is_lowercase());
        if ((letters > 3 || is_plain(word) || is_small_word(word)) && !capitals) || shouted {
            folded.push_str(&word.to_lowercase());
        } else {
            folded.push_str(word);
        }
    }
    let plain = folded.trim_end_matches(['.', '!', ',', ';']);
    let plain = ["the ", "an ", "a "].iter().find_map(|a| plain.strip_prefix(a)).unwrap_or(plain);
    plain.to_owned()
}

/// Words that are no nouns and have at most three letters.
fn is_small_word(word: &str) -> bool {
    ["no", "yes", "not", "one", "two", "six", "ten", "odd", "and", "or", "the", "red"]
        .iter()
        .any(|w| w.eq_ignore_ascii_case(word))
}

/// Without what never carries meaning: delimiters, sizes, spaces that do not keep letters apart.
pub fn squash(text: &str) -> String {
    let mut plain = undressed(text);
    for (from, to) in
        [("\\left", ""), ("\\right", ""), ("\\dfrac", "\\frac"), ("\\tfrac", "\\frac")]
    {
        if plain.contains(from) {
            // `\leftarrow` is another command.
            plain = replace_command(&plain, from, to);
        }
    }
    let mut squashed = String::with_capacity(plain.len());
    let mut words = plain.split_whitespace().peekable();
    while let Some(word) = words.next() {
        squashed.push_str(word);
        let meets = words.peek().is_some_and(|next| next.starts_with(char::is_alphanumeric));
        if meets && word.ends_with(|c: char| c.is_alphanumeric()) {
            squashed.push(' ');
        }
    }
    squashed
}

fn replace_command(text: &str, from: &str, to: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut parts = text.split(from);
    replaced.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let other = part.starts_with(|c: char| c.is_ascii_alphabetic());
        replaced.push_str(if other { from } else { to });
        replaced.push_str(part);
    }
    replaced
}
