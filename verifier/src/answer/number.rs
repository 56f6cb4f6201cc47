//! What an answer says: `-1,234.5`, `3 1/2`, `\frac{3}{4}`, `2^{10}`, `1.5 \times 10^{-7}`, `\$5`,
//! `12.5%`, `12 km`, `x = 5`.
//!
//! The text is first undressed (LaTeX delimiters, spacing and fonts, full-width digits), then read
//! as a whole. Whatever is not a single number is [`Reading::Other`]: a place for a grammar of
//! expressions, not a guess.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::MAX_ANSWER;
use super::dress::undress;
use super::reader::{Read, Stop, arithmetic, head};
use super::unit::Unit;
use super::word::{is_noun, is_plain, words};

/// A number with what was written around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number as written, without regard to a percent sign: 50 for `50%`.
    pub written: BigRational,
    /// Whether a percent sign follows.
    pub percent: bool,
    /// The unit, when one is there.
    pub unit: Option<Unit>,
}

impl Number {
    /// The exact value: 1/2 for `50%`.
    pub fn value(&self) -> BigRational {
        if self.percent { &self.written / BigInt::from(100) } else { self.written.clone() }
    }

    /// A spelling that equal numbers share: lowest terms, then `%` or the unit.
    pub fn canonical(&self) -> String {
        let mut text = self.written.to_string();
        if self.percent {
            text.push('%');
        }
        if let Some(unit) = &self.unit {
            text.push(' ');
            text.push_str(&unit.name);
        }
        text
    }
}

/// What a text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A single number.
    Number(Number),
    /// Something that this reader cannot judge, undressed: an expression, a list, words.
    Other(String),
    /// Nothing is left after undressing.
    Empty,
    /// Longer or larger than the stated bounds; says which.
    OverBudget(String),
}

/// Reads an answer.
pub fn read(text: &str) -> Reading {
    if text.len() > MAX_ANSWER {
        return Reading::OverBudget(format!(
            "the answer has {} bytes; at most {MAX_ANSWER} are read",
            text.len()
        ));
    }
    let plain = undress(text);
    if plain.trim_matches(['.', ' ']).is_empty() {
        return Reading::Empty;
    }
    match whole(&plain).or_else(|stop| definition(&plain, stop)) {
        Ok(number) => Reading::Number(number),
        Err(Stop::TooLarge(what)) => Reading::OverBudget(what),
        Err(Stop::NotANumber) => Reading::Other(plain),
    }
}

/// The whole text as one number with an optional percent sign or unit, and a remark that adds
/// nothing.
fn whole(plain: &str) -> Read<Number> {
    let mut text = plain;
    for about in ["≈", "approximately ", "about "] {
        text = text.strip_prefix(about).unwrap_or(text).trim_start();
    }
    let (number, rest) = head(text)?;
    if is_remark(rest) { Ok(number) } else { Err(Stop::NotANumber) }
}

/// Whether a number is only described by what follows it: `in total`, `of pizza`, `left`.
fn is_remark(rest: &str) -> bool {
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

/// The last side of `x = 5`, `Area = 12` or `2 + 2 = 4`; of anything else the `stop` that led here.
fn definition(plain: &str, stop: Stop) -> Read<Number> {
    let Some((left, right)) = plain.rsplit_once(['=', '≈']) else { return Err(stop) };
    let number = whole(right.trim())?;
    if defines(left, &number)? { Ok(number) } else { Err(Stop::NotANumber) }
}

/// Whether `left = number` says no more than the number: each side is one name or closed
/// arithmetic of the same value.
///
/// `2x = 10`, `x >= 5` and `5 - x = 3` are statements about x.
pub(super) fn defines(left: &str, number: &Number) -> Read<bool> {
    for (place, side) in left.split(['=', '≈']).enumerate() {
        let side = side.trim();
        if place == 0 && is_name(side) {
            continue;
        }
        // In prose the first side follows other words: `Omar picked 8 + 5 = 13 pears`.
        let sum = if place == 0 { without_lead(side) } else { Some(side) };
        let Some(sum) = sum else { return Ok(false) };
        match arithmetic(&sum.replace(['$', '\u{FF04}'], "")) {
            Ok(value) if value == number.value() => {}
            Err(Stop::TooLarge(what)) => return Err(Stop::TooLarge(what)),
            _ => return Ok(false),
        }
    }
    Ok(true)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> Option<String> {
        match read(text) {
            Reading::Number(number) => Some(number.canonical()),
            _ => None,
        }
    }

    #[test]
    fn numbers_are_read_exactly() {
        for (text, expect) in [
            ("42", "42"),
            (" -7. ", "-7"),
            ("+7", "7"),
            ("- 7", "-7"),
            ("−3", "-3"),
            ("–3", "-3"),
            ("４２", "42"),
            ("007", "7"),
            ("1,234,567", "1234567"),
            ("1{,}234", "1234"),
            ("0.50", "1/2"),
            (".5", "1/2"),
            ("1e-7", "1/10000000"),
            ("1.5E3", "1500"),
            ("3/4", "3/4"),
            ("-3/4", "-3/4"),
            ("3 1/2", "7/2"),
            ("-3 1/2", "-7/2"),
            ("3\\frac{1}{2}", "7/2"),
            ("3 1/2 cups", "7/2 cup"),
            ("\\dfrac{6}{8}", "3/4"),
            ("-\\frac{1}{2}", "-1/2"),
            ("\\frac{-1}{2}", "-1/2"),
            ("\\frac12", "1/2"),
            ("$\\frac{3}{4}$", "3/4"),
            ("\\(12\\)", "12"),
            ("2^{10}", "1024"),
            ("2^-2", "1/4"),
            ("(-2)^3", "-8"),
            ("-2^2", "-4"),
            ("1.5 \\times 10^{-3}", "3/2000"),
            ("3 × 10^5", "300000"),
            ("x = 5", "5"),
            ("x_1 = 5", "5"),
            ("\\theta = 30^\\circ", "30 degree"),
            ("\\text{Area} = 12", "12"),
            ("2 + 2 = 4", "4"),
            ("x = 3 + 4 = 7", "7"),
            ("3 * (4 - 1) = 9", "9"),
            ("\\boxed{12}", "12"),
            ("\\text{12}", "12"),
            ("**12**", "12"),
            ("`12`", "12"),
            ("\\$5", "5 dollar"),
            ("$5", "5 dollar"),
            ("$-5", "-5 dollar"),
            ("-$5", "-5 dollar"),
            ("$\\$5.50$", "11/2 dollar"),
            ("5 dollars", "5 dollar"),
            ("$5 dollars", "5 dollar"),
            ("€3", "3 euro"),
            ("50%", "50%"),
            ("50\\%", "50%"),
            ("12.5 percent", "25/2%"),
            ("5 cm", "5 cm"),
            ("5cm", "5 cm"),
            ("5\\text{ cm}", "5 cm"),
            ("9.8 m/s^2", "49/5 m/s^2"),
            ("9.8 \\text{ m/s}^2", "49/5 m/s^2"),
            ("5 mW/m^2", "5 mW/m^2"),
            ("5 MW/m^2", "5 MW/m^2"),
            ("60 miles per hour", "60 mile/hour"),
            ("5 apples", "5 apple"),
            ("72 clips in total", "72 clip"),
            ("3 slices of pizza left", "3 slice"),
            ("5 in total", "5"),
            ("90^\\circ", "90 degree"),
            ("90 degrees", "90 degree"),
            ("1^{99999999999}", "1"),
            ("(-1)^{4}", "1"),
            ("0^5", "0"),
        ] {
            assert_eq!(canonical(text).as_deref(), Some(expect), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_number_is_left_alone() {
        for text in [
            "x",
            "5x",
            "5 x",
            "5 - x",
            "100 - n",
            "7 - i",
            "5-m",
            "6xy",
            "6 xy",
            "2ab",
            "2gh",
            "\\frac12 mv^2",
            "2 mgh",
            "3x+1",
            "\\sqrt{2}",
            "2\\sqrt{3}",
            "2\\pi",
            "2 pi",
            "1, 2",
            "1,2,3",
            "1,23",
            "1.2.3",
            "1.234,5",
            "(1, 2)",
            "(0,100)",
            "(1,000)",
            "{1,234}",
            "0,123",
            "[0,100]",
            "3 or 4",
            "3 to 4",
            "1/0",
            "0^0",
            "2^{0.5}",
            "3:4",
            "5 + 3",
            "(5 + 3)",
            "yes",
            "\\frac{1}{",
            "\\frac{}{}",
            "{{{",
            "5 miles 3 feet",
            "x=1, y=2",
            "0.\\overline{3}",
            "0.333...",
            "0.3 repeating",
            "2 million",
            "5 trillion",
            "5k",
            "3 halves",
            "2 thirds",
            "5 dozen",
            "5 less than x",
            "5 if n is even",
            "5 squared",
            "5!",
            "2**3",
            "3 5/2",
            "3 1/6*4",
            "3 1/6 × 4",
            "x >= 5",
            "x \\ge 5",
            "x != 5",
            "x \\neq 5",
            "x > 5",
            "2x = 10",
            "x^2 = 4",
            "-x = 5",
            "xy = 6",
            "x + 1 = 6",
            "5 - x = 3",
            "22/7 ≈ 3.14",
            "2 + 2 = 5",
            "5 = x",
            "x == 5",
            "+-5",
            "-$-5",
            "5½",
            "2¹⁰",
            "12:30",
            "5-",
            "5 m - k",
            "5 m.s",
            "101_2",
            "$5 cents",
        ] {
            assert!(matches!(read(text), Reading::Other(_)), "{text}: {:?}", read(text));
        }
        for text in ["", "  ", "$$", "\\(\\)", "..."] {
            assert_eq!(read(text), Reading::Empty, "{text}");
        }
    }

    #[test]
    fn hostile_numbers_are_over_budget_at_once() {
        let digits = "9".repeat(10_000);
        let nested = format!("{}1{}", "(".repeat(500), ")".repeat(500));
        let long = "(".repeat(10_000_000);
        let quotients = format!("3^2000{}", "/7".repeat(4000));
        let products = format!("1{}", "*1".repeat(4000));
        for text in [
            "9^9^9^9",
            "9^{9^{9^{9}}}",
            "1e999999999999999999999",
            "1e-9000",
            "3^20000",
            "2^{-99999999}",
            "10^{10^{10}}",
            &digits,
            &nested,
            &long,
            &quotients,
            &products,
            "(9^999)*(9^999)",
        ] {
            let start = &text[..20.min(text.len())];
            assert!(matches!(read(text), Reading::OverBudget(_)), "{start}");
        }
    }

    proptest! {
        #[test]
        fn integers_round_trip_with_separators(n in any::<i64>()) {
            let digits = n.unsigned_abs().to_string();
            let mut grouped = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let sign = if n < 0 { "-" } else { "" };
            prop_assert_eq!(canonical(&format!("{sign}{grouped}")), Some(n.to_string()));
        }

        #[test]
        fn a_fraction_equals_its_multiples(a in -999i64..999, b in 1i64..999, k in 1i64..999) {
            let plain = canonical(&format!("{a}/{b}"));
            prop_assert!(plain.is_some());
            prop_assert_eq!(&plain, &canonical(&format!("{}/{}", a * k, b * k)));
            prop_assert_eq!(&plain, &canonical(&format!("\\frac{{{}}}{{{}}}", a * k, b * k)));
        }

        #[test]
        fn a_number_beside_variables_is_not_the_number(
            n in 0u32..99,
            tail in "[-+*/^ ]{0,2}[bdfjkpqrvwxz]{1,3}",
        ) {
            // Without vowels there is no word among the tails.
            let text = format!("{n}{tail}");
            prop_assert!(!matches!(read(&text), Reading::Number(_)), "{}", text);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "[-+0-9a-c.,/^*(){}\\\\$% ×=frctex]{0,60}") {
            let _ = read(&text);
        }

        #[test]
        fn any_unicode_is_read_without_a_panic(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
