//! Reads a number by recursive descent of bounded depth into an exact rational.
//!
//! Every step that makes a number larger is held against a bound before it is taken, and so is the
//! number of steps: `9^9^9^9` costs nothing, and nothing that fits into an answer costs much.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::unit::{self, Kind};
use super::{MAX_BITS, Number};

/// How deep groups and exponents may nest.
const MAX_DEPTH: usize = 16;
/// How many numbers an answer may be made of.
const MAX_NUMBERS: usize = 64;
/// Digits that surely fit into the bound on bits.
const MAX_DIGITS: usize = (MAX_BITS * 3 / 10) as usize;

/// Why reading stopped.
pub(super) enum Stop {
    NotANumber,
    TooLarge(String),
}

pub(super) type Read<T> = Result<T, Stop>;

/// The number at the head of an undressed text with its percent sign or unit, and what follows.
pub(super) fn head(text: &str) -> Read<(Number, &str)> {
    let mut reader = Reader::new(text);
    let mut number = reader.signed_value()?;
    number.percent = reader.percent();
    if number.percent {
        return Ok((number, reader.rest()));
    }
    let rest = reader.rest();
    let Some((unit, after)) = unit::take(rest.trim_start(), rest.starts_with(' ')) else {
        return Ok((number, rest));
    };
    match &number.unit {
        None => number.unit = Some(unit),
        Some(currency) if currency.name == unit.name => {}
        // `$5 profit`
        Some(_) if unit.kind == Kind::Noun => return Ok((number, rest)),
        Some(_) => return Err(Stop::NotANumber),
    }
    Ok((number, after))
}

/// The value of closed arithmetic such as `3 + 4 * 2`.
pub(super) fn arithmetic(text: &str) -> Read<BigRational> {
    let mut reader = Reader { sums: true, ..Reader::new(text) };
    let value = reader.sum(0)?;
    reader.skip_spaces();
    if reader.rest().is_empty() { Ok(value) } else { Err(Stop::NotANumber) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many numbers have been read.
    numbers: usize,
    /// Whether `+` and `-` between numbers are computed.
    sums: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, numbers: 0, sums: false }
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

    /// A sign before or after a currency sign, and a magnitude.
    fn signed_value(&mut self) -> Read<Number> {
        let before = self.sign();
        let unit = self.peek().and_then(unit::currency);
        let mut negative = before == Some(true);
        if unit.is_some() {
            self.at += self.peek().map_or(0, char::len_utf8);
            self.skip_spaces();
            if before.is_none() {
                negative = self.sign() == Some(true);
            }
        }
        let magnitude = self.mixed()?;
        let written = if negative { -magnitude } else { magnitude };
        Ok(Number { written, percent: false, unit })
    }

    /// Whether the sign that stands here is a minus, if one does.
    fn sign(&mut self) -> Option<bool> {
        let negative = self.eat("-");
        if !negative && !self.eat("+") {
            return None;
        }
        self.skip_spaces();
        Some(negative)
    }

    fn percent(&mut self) -> bool {
        let rest = self.rest().trim_start();
        let after = rest.strip_prefix('%').or_else(|| {
            rest.strip_prefix("percent").filter(|after| !after.starts_with(char::is_alphanumeric))
        });
        if let Some(after) = after {
            self.at = self.text.len() - after.len();
        }
        after.is_some()
    }

    /// `3 1/2` and `3\frac{1}{2}`, else a product.
    fn mixed(&mut self) -> Read<BigRational> {
        let start = self.at;
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            let whole = self.decimal(0)?;
            let apart = self.peek() == Some(' ');
            self.skip_spaces();
            let fraction = if self.rest().starts_with("\\frac") {
                Some(self.atom(0)?)
            } else if apart {
                self.simple_fraction()?
            } else {
                None
            };
            if let Some(fraction) = fraction {
                let proper = !fraction.is_negative() && fraction < BigRational::one();
                // `3 1/6*4` can be meant in two ways.
                let last = !self.rest().trim_start().starts_with(['*', '×', '/', '^', '(']);
                if whole.is_integer() && proper && last {
                    return Ok(whole + fraction);
                }
                return Err(Stop::NotANumber);
            }
            self.at = start;
        }
        self.product(0)
    }

    /// `digits / digits`, as the fraction of a mixed number is written.
    fn simple_fraction(&mut self) -> Read<Option<BigRational>> {
        let rest = self.rest();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let slash = after.trim_start().strip_prefix('/').map(str::trim_start);
        let Some(below) = slash.filter(|t| t.starts_with(|c: char| c.is_ascii_digit())) else {
            return Ok(None);
        };
        if after.len() == rest.len() {
            return Ok(None);
        }
        let above = self.decimal(1)?;
        self.at = self.text.len() - below.len();
        let below = self.decimal(1)?;
        if below.is_zero() { Err(Stop::NotANumber) } else { Ok(Some(above / below)) }
    }

    /// `product ((+ | -) product)*`.
    fn sum(&mut self, depth: usize) -> Read<BigRational> {
        let negative = self.sign() == Some(true);
        let first = self.product(depth)?;
        let mut value = if negative { -first } else { first };
        while self.sums {
            let before = self.at;
            self.skip_spaces();
            let Some(negative) = self.sign() else {
                self.at = before;
                break;
            };
            let right = self.product(depth)?;
            value = if negative { value - right } else { value + right };
            bounded(&value)?;
        }
        Ok(value)
    }

    /// `power ((× | * | /) power)*`.
    fn product(&mut self, depth: usize) -> Read<BigRational> {
        let mut value = self.power(depth)?;
        loop {
            let before = self.at;
            self.skip_spaces();
            let divide = self.eat("/");
            // `**` is a power to some and emphasis to others.
            let multiply = self.eat("×") || (!self.rest().starts_with("**") && self.eat("*"));
            let digit = |c: char| c.is_ascii_digit() || "({.\\".contains(c);
            if divide == multiply || !self.rest().trim_start().starts_with(digit) {
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
        self.decimal(depth)
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
        let value = self.sum(depth)?;
        self.skip_spaces();
        if self.eat(close) { Ok(value) } else { Err(Stop::NotANumber) }
    }

    /// Digits with thousands separators, a fraction and an exponent.
    fn decimal(&mut self, depth: usize) -> Read<BigRational> {
        self.numbers += 1;
        if self.numbers > MAX_NUMBERS {
            return Err(Stop::TooLarge(format!(
                "the answer is made of more than {MAX_NUMBERS} numbers"
            )));
        }
        let bytes = self.rest().as_bytes();
        let mut digits = String::new();
        let mut at = take_digits(bytes, 0, &mut digits);
        // Separators only when every group after the first has exactly three digits, and never in
        // brackets: `(0,100)` is a pair.
        if depth == 0 && (1..=3).contains(&at) && bytes[0] != b'0' {
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
        if digits.len() > MAX_DIGITS {
            return Err(too_large());
        }
        let mantissa = digits.parse::<BigInt>().map_err(|_| Stop::NotANumber)?;
        let ten = BigRational::from_integer(10.into());
        let power = raise(&ten, &BigRational::from_integer((exponent - scale).into()))?;
        let value = BigRational::from_integer(mantissa) * power;
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
