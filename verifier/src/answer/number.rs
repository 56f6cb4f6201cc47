//! Reads a number as it stands in an answer: `-1,234.5`, `3 1/2`, `\frac{3}{4}`, `2^{10}`,
//! `1.5 \times 10^{-7}`, `\$5`, `12.5%`, `12 km`.
//!
//! The text is first undressed (LaTeX delimiters, spacing and fonts, full-width digits), then read
//! by a recursive descent of bounded depth into an exact rational. Before a power is taken its
//! size is computed, so that `9^9^9^9` costs nothing. Whatever is not a single number is
//! [`Reading::Other`]: a place for a grammar of expressions, not a guess.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::dress::undress;
use super::unit::{currency_name, is_operator, unit};
use super::{MAX_ANSWER, MAX_BITS};

/// How deep groups and exponents may nest.
const MAX_DEPTH: usize = 16;

/// A number with what was written around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number as written, without regard to a percent sign: 50 for `50%`.
    pub written: BigRational,
    /// Whether a percent sign follows.
    pub percent: bool,
    /// The unit in a normal spelling, when one is there.
    pub unit: Option<String>,
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
            text.push_str(unit);
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
    if plain.is_empty() {
        return Reading::Empty;
    }
    match Reader::new(&plain).whole() {
        Ok(number) => Reading::Number(number),
        Err(Stop::TooLarge(what)) => Reading::OverBudget(what),
        Err(Stop::NotANumber) => match definition(&plain) {
            Some(right) => match Reader::new(right).whole() {
                Ok(number) => Reading::Number(number),
                Err(Stop::TooLarge(what)) => Reading::OverBudget(what),
                Err(Stop::NotANumber) => Reading::Other(plain),
            },
            None => Reading::Other(plain),
        },
    }
}

/// Reads a clause of prose such as `42 apples, since 6 * 7 = 42`: the number at its head.
///
/// Gives `None` when the clause does not start with a number, or goes on in a way that makes the
/// number a part of something larger (`3 or 4`, `5x + 1`).
pub(super) fn read_head(clause: &str) -> Option<Number> {
    if clause.len() > MAX_ANSWER {
        return None;
    }
    let plain = undress(clause);
    let mut reader = Reader::new(&plain);
    let mut number = reader.signed_value().ok()?;
    reader.percent(&mut number);
    let rest = &plain[reader.at..];
    let Some(first) = rest.chars().next() else { return Some(number) };
    if matches!(first, ',' | ';' | ':' | ')' | '!' | '?') || rest.starts_with(". ") {
        // `3, 4` is a list and `3:4` a ratio, not an answer with a remark.
        let next = rest[1..].trim_start().chars().next();
        return next.is_none_or(|c| c.is_alphabetic()).then_some(number);
    }
    let word = rest.strip_prefix(' ')?;
    let first_word: String = word.chars().take_while(|c| c.is_alphabetic()).collect();
    (first_word.chars().count() > 1 && !is_operator(&first_word)).then_some(number)
}

/// The right-hand side of `x = 5` or `2 + 2 = 4`: one equals sign and no list.
fn definition(plain: &str) -> Option<&str> {
    let plain = plain.strip_prefix('≈').unwrap_or(plain);
    let mut sides = plain.split(['=', '≈']);
    let (left, right) = (sides.next()?, sides.next()?);
    (sides.next().is_none() && !left.contains(',')).then(|| right.trim())
}

/// Why reading stopped.
enum Stop {
    NotANumber,
    TooLarge(String),
}

type Read<T> = Result<T, Stop>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn skip_spaces(&mut self) {
        while self.eat(" ") {}
    }

    /// The whole text as one number with an optional percent sign or unit.
    fn whole(&mut self) -> Read<Number> {
        while self.eat("≈") || self.eat(" ") || self.eat("approximately ") || self.eat("about ") {
        }
        let mut number = self.signed_value()?;
        self.percent(&mut number);
        self.skip_spaces();
        let rest = self.rest();
        if !rest.is_empty() {
            let spaced = self.text[..self.at].ends_with(' ');
            let unit = unit(rest, spaced).ok_or(Stop::NotANumber)?;
            if number.unit.as_ref().is_some_and(|u| *u != unit) {
                return Err(Stop::NotANumber);
            }
            number.unit = Some(unit);
        }
        Ok(number)
    }

    /// `sign? currency? sign? magnitude`.
    fn signed_value(&mut self) -> Read<Number> {
        let mut negative = self.sign();
        let unit = self.currency();
        if unit.is_some() {
            negative ^= self.sign();
        }
        let magnitude = self.mixed()?;
        let written = if negative { -magnitude } else { magnitude };
        Ok(Number { written, percent: false, unit: unit.map(str::to_owned) })
    }

    /// Whether a minus sign was read; a plus sign is passed over.
    fn sign(&mut self) -> bool {
        let negative = self.eat("-");
        if !negative {
            self.eat("+");
        }
        self.skip_spaces();
        negative
    }

    fn currency(&mut self) -> Option<&'static str> {
        let name = currency_name(self.peek()?)?;
        self.at += self.peek().map_or(0, char::len_utf8);
        self.skip_spaces();
        Some(name)
    }

    fn percent(&mut self, number: &mut Number) {
        let before = self.at;
        self.skip_spaces();
        let word = self.rest();
        if self.eat("%") {
            number.percent = true;
        } else if let Some(rest) = word.strip_prefix("percent")
            && !rest.starts_with(char::is_alphabetic)
        {
            self.at += "percent".len();
            number.percent = true;
        } else {
            self.at = before;
        }
    }

    /// `3 1/2` and `3\frac{1}{2}`, else a product.
    fn mixed(&mut self) -> Read<BigRational> {
        let start = self.at;
        let whole_digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if whole_digits > 0 {
            let whole = self.decimal()?;
            let spaced = self.peek() == Some(' ');
            self.skip_spaces();
            let fraction = if self.rest().starts_with("\\frac") {
                Some(self.atom(0)?)
            } else if spaced && is_simple_fraction(self.rest()) {
                Some(self.product(0)?)
            } else {
                None
            };
            if let Some(fraction) = fraction {
                let proper = !fraction.is_negative() && fraction < BigRational::one();
                return if whole.is_integer() && proper {
                    Ok(whole + fraction)
                } else {
                    Err(Stop::NotANumber)
                };
            }
            self.at = start;
        }
        self.product(0)
    }

    /// `power ((× | * | /) power)*`.
    fn product(&mut self, depth: usize) -> Read<BigRational> {
        let mut value = self.power(depth)?;
        loop {
            let before = self.at;
            self.skip_spaces();
            let divide = self.eat("/");
            if !divide && !self.eat("×") && !self.eat("*") {
                self.at = before;
                return Ok(value);
            }
            self.skip_spaces();
            let right = self.power(depth)?;
            if divide && right.is_zero() {
                return Err(Stop::NotANumber);
            }
            value = if divide { value / right } else { value * right };
            bounded(&value)?;
        }
    }

    /// `atom (^ exponent)?`, the exponent grouping to the right.
    fn power(&mut self, depth: usize) -> Read<BigRational> {
        let base = self.atom(depth)?;
        if !self.eat("^") {
            return Ok(base);
        }
        let negative = self.eat("-");
        let exponent = self.power(deeper(depth)?)?;
        raise(&base, &if negative { -exponent } else { exponent })
    }

    fn atom(&mut self, depth: usize) -> Read<BigRational> {
        if self.eat("\\frac") {
            let numerator = self.fraction_part(depth)?;
            let denominator = self.fraction_part(depth)?;
            if denominator.is_zero() {
                return Err(Stop::NotANumber);
            }
            return Ok(numerator / denominator);
        }
        for (open, close) in [("(", ")"), ("{", "}")] {
            if self.eat(open) {
                return self.group(close, depth);
            }
        }
        self.decimal()
    }

    /// `{…}`, or one digit as in `\frac12`.
    fn fraction_part(&mut self, depth: usize) -> Read<BigRational> {
        self.skip_spaces();
        if self.eat("{") {
            return self.group("}", depth);
        }
        let digit = self.peek().and_then(|c| c.to_digit(10)).ok_or(Stop::NotANumber)?;
        self.at += 1;
        Ok(BigRational::from_integer(digit.into()))
    }

    fn group(&mut self, close: &str, depth: usize) -> Read<BigRational> {
        let depth = deeper(depth)?;
        self.skip_spaces();
        let negative = self.sign();
        let value = self.product(depth)?;
        self.skip_spaces();
        if !self.eat(close) {
            return Err(Stop::NotANumber);
        }
        Ok(if negative { -value } else { value })
    }

    /// Digits with thousands separators, a fraction and an exponent.
    fn decimal(&mut self) -> Read<BigRational> {
        let bytes = self.rest().as_bytes();
        let mut digits = String::new();
        let mut at = take_digits(bytes, 0, &mut digits);
        // Separators only when every group after the first has exactly three digits.
        if (1..=3).contains(&at) {
            while bytes.get(at) == Some(&b',') && is_group(&bytes[at + 1..]) {
                at = take_digits(bytes, at + 1, &mut digits);
            }
        }
        let mut scale = 0i64;
        if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            let before = digits.len();
            at = take_digits(bytes, at + 1, &mut digits);
            scale = (digits.len() - before) as i64;
        }
        if digits.is_empty() {
            return Err(Stop::NotANumber);
        }
        let mut exponent = 0i64;
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            let mut from = at + 1;
            let negative = bytes.get(from) == Some(&b'-');
            from += usize::from(matches!(bytes.get(from), Some(b'-' | b'+')));
            let mut power = String::new();
            let end = take_digits(bytes, from, &mut power);
            if !power.is_empty() {
                // Too long to fit is larger than any bound.
                let size = power.parse::<i64>().unwrap_or(i64::MAX).min(1 << 40);
                exponent = if negative { -size } else { size };
                at = end;
            }
        }
        // Two numbers joined by a point or comma (`1.2.3`, `1,23`) are not one.
        let joined = matches!(bytes.get(at), Some(b'.' | b','))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
        if joined {
            return Err(Stop::NotANumber);
        }
        self.at += at;
        let mantissa = digits.parse::<BigInt>().map_err(|_| Stop::NotANumber)?;
        let mantissa = BigRational::from_integer(mantissa);
        bounded(&mantissa)?;
        let ten = BigRational::from_integer(10.into());
        let value = mantissa * raise(&ten, &BigRational::from_integer((exponent - scale).into()))?;
        bounded(&value)?;
        Ok(value)
    }
}

fn deeper(depth: usize) -> Read<usize> {
    if depth >= MAX_DEPTH {
        return Err(Stop::TooLarge(format!("the answer nests deeper than {MAX_DEPTH} groups")));
    }
    Ok(depth + 1)
}

fn take_digits(bytes: &[u8], from: usize, into: &mut String) -> usize {
    let count = bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    into.extend(bytes[from..from + count].iter().map(|&b| char::from(b)));
    from + count
}

fn is_group(bytes: &[u8]) -> bool {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count() == 3
}

/// `digits / digits`, as the fraction of a mixed number is written.
fn is_simple_fraction(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len()
        && rest
            .trim_start()
            .strip_prefix('/')
            .is_some_and(|t| t.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

fn bounded(value: &BigRational) -> Read<()> {
    if value.numer().bits().max(value.denom().bits()) > MAX_BITS {
        return Err(too_large());
    }
    Ok(())
}

fn too_large() -> Stop {
    Stop::TooLarge(format!("the answer is a number of more than {MAX_BITS} bits"))
}

/// `base ^ exponent` for an integer exponent, refused before it grows over the bound.
fn raise(base: &BigRational, exponent: &BigRational) -> Read<BigRational> {
    if !exponent.is_integer() || (base.is_zero() && !exponent.is_positive()) {
        return Err(Stop::NotANumber);
    }
    let size = base.numer().bits().max(base.denom().bits());
    if base.numer().magnitude().is_one() && base.denom().is_one() || base.is_zero() {
        let odd = exponent.to_integer().bit(0);
        return Ok(if base.is_negative() && !odd { -base } else { base.clone() });
    }
    let exponent = exponent.to_integer().to_i64().ok_or_else(too_large)?;
    // A number of b bits is at least 2^(b-1): the power has at least (b-1)·n bits, at most b·n.
    if size.saturating_sub(1).max(1).saturating_mul(exponent.unsigned_abs()) > 2 * MAX_BITS {
        return Err(too_large());
    }
    let exponent = i32::try_from(exponent).map_err(|_| too_large())?;
    let value = base.pow(exponent);
    bounded(&value)?;
    Ok(value)
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
            ("−3", "-3"),
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
            ("2 + 2 = 4", "4"),
            ("\\boxed{12}", "12"),
            ("\\text{12}", "12"),
            ("**12**", "12"),
            ("\\$5", "5 dollar"),
            ("$5", "5 dollar"),
            ("$-5", "-5 dollar"),
            ("-$5", "-5 dollar"),
            ("$\\$5.50$", "11/2 dollar"),
            ("5 dollars", "5 dollar"),
            ("€3", "3 euro"),
            ("50%", "50%"),
            ("50\\%", "50%"),
            ("12.5 percent", "25/2%"),
            ("5 cm", "5 cm"),
            ("5cm", "5 cm"),
            ("5\\text{ cm}", "5 cm"),
            ("9.8 m/s^2", "49/5 m/s^2"),
            ("9.8 \\text{ m/s}^2", "49/5 m/s^2"),
            ("5 apples", "5 apple"),
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
            "3 or 4",
            "3 to 4",
            "1/0",
            "0^0",
            "2^{0.5}",
            "3:4",
            "5 + 3",
            "yes",
            "\\frac{1}{",
            "\\frac{}{}",
            "{{{",
            "5 miles 3 feet",
            "x=1, y=2",
            "0.\\overline{3}",
            "2 million",
            "3 5/2",
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
        for text in [
            "9^9^9^9",
            "9^{9^{9^{9}}}",
            "1e999999999999999999999",
            "1e-40000",
            "2^{-99999999}",
            "10^{10^{10}}",
            &digits,
            &nested,
            &long,
            "(9^9999)*(9^9999)",
        ] {
            assert!(
                matches!(read(text), Reading::OverBudget(_)),
                "{}",
                &text[..20.min(text.len())]
            );
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
        fn any_text_is_read_without_a_panic(text in "[-+0-9a-c.,/^*(){}\\\\$% ×frctex=]{0,60}") {
            let _ = read(&text);
            let _ = read_head(&text);
        }

        #[test]
        fn any_unicode_is_read_without_a_panic(text in any::<String>()) {
            let _ = read(&text);
            let _ = read_head(&text);
        }
    }
}
