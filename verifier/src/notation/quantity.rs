//! Numbers with what stands beside them: percent signs, currencies, units, nouns.

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::source::{Part, Source};
use super::token::{Kind, Mark};
use super::{Stop, function, numeral, word};
use crate::unit::{self, Kind as Sureness, Unit};
use crate::value::{Expr, Literal, Quantity, Value};

/// An expression with nothing beside it.
pub(super) fn plain(value: Expr) -> Value {
    Value::Quantity(Quantity::plain(value))
}

impl<'a> Source<'a> {
    /// An expression with an optional percent sign, currency sign or unit.
    pub(super) fn quantity(&self, part: Part) -> Result<Value, Stop> {
        let mut part = part;
        let (currency, negative) = self.currency(&mut part)?;
        if let Some(unit) = currency {
            let value = self.quantity(part)?;
            return amount(value, unit, negative).map(Value::Quantity);
        }
        if let Some(based) = self.based(&part) {
            return Ok(based);
        }
        if part.len() > 1 && self.mark(part.end - 1) == Some(Mark::Percent) {
            let inner = part.start..part.end - 1;
            let value = self.expression(inner.clone())?;
            let literal = self.literal(inner);
            return Ok(Value::Quantity(Quantity {
                percent: true,
                literal,
                ..Quantity::plain(value)
            }));
        }
        if let Some(place) = self.beside(&part) {
            if let Some(quantity) =
                self.with_unit(&part, place).or_else(|| self.with_scale(&part, place))
            {
                return Ok(Value::Quantity(quantity));
            }
            // `2 hours 30 minutes`
            let next = (place + 1..part.end).find(|at| {
                matches!(self.tokens[*at].kind, Kind::Numeral(_)) && self.tokens[*at].spaced
            });
            if let Some(next) = next
                && let Some(sum) = self.in_two_units(part.start..next, next..part.end)
            {
                return Ok(Value::Quantity(sum));
            }
        }
        let value = self.expression(part.clone())?;
        let literal = self.literal(part);
        Ok(Value::Quantity(Quantity { literal, ..Quantity::plain(value) }))
    }

    /// Takes a currency sign off the head, with the minus before it or behind it.
    fn currency(&self, part: &mut Part) -> Result<(Option<Unit>, bool), Stop> {
        let mut at = part.start;
        let negative = self.mark(at) == Some(Mark::Minus);
        at += usize::from(negative);
        // `USD 5`
        if let Some(Kind::Word(code @ ("USD" | "EUR" | "GBP" | "JPY" | "INR" | "CNY"))) =
            self.tokens.get(at).map(|t| t.kind)
            && matches!(self.tokens.get(at + 1).map(|t| t.kind), Some(Kind::Numeral(_)))
            && let Some(unit) = unit::parse(code, true)
        {
            part.start = at + 1;
            return Ok((Some(unit), negative));
        }
        // `US$5`
        if self.tokens.get(at).is_some_and(|t| matches!(t.kind, Kind::Word("US" | "USD" | "EUR")))
            && matches!(self.mark(at + 1), Some(Mark::Currency(_)))
        {
            at += 1;
        }
        let Some(Mark::Currency(sign)) = self.mark(at) else { return Ok((None, false)) };
        if at + 1 >= part.end {
            return Err(Stop::NotMathematics);
        }
        part.start = at + 1;
        Ok((unit::currency(sign), negative))
    }

    /// The first token outside of brackets that may begin a unit or a noun, behind a numeral.
    fn beside(&self, part: &Part) -> Option<usize> {
        let mut at = part.start;
        let (mut counted, mut applied) = (false, false);
        while at < part.end {
            match self.tokens[at].kind {
                // In `\sin 60^\circ` the degrees belong to the argument.
                Kind::Command(name) if function::named(name).is_some() => applied = true,
                Kind::Word(word) if function::plain_name(word).is_some() => applied = true,
                Kind::Mark(Mark::Degree | Mark::Caret) if applied => {}
                Kind::Numeral(_) | Kind::Mark(Mark::Fraction(..)) => counted = true,
                Kind::Command("frac" | "dfrac" | "tfrac") if counted && self.is_upright(at) => {
                    return Some(at);
                }
                Kind::Command("frac" | "dfrac" | "tfrac" | "sqrt" | "pi") => counted = true,
                Kind::Word(word) if counted && function::plain_name(word).is_none() => {
                    return Some(at);
                }
                Kind::Word(word) if !counted && word::starts_number(word) => return None,
                Kind::Text(_)
                | Kind::Mark(Mark::Degree | Mark::Currency(_))
                | Kind::Command("Omega" | "mu" | "AA" | "mathring" | "circ")
                    if counted =>
                {
                    return Some(at);
                }
                Kind::Mark(Mark::Caret) if counted && self.is_circle(at + 1) => return Some(at),
                _ => {}
            }
            at = self.partners[at].max(at) + 1;
        }
        None
    }

    /// `\circ` or `{\circ}`
    fn is_circle(&self, at: usize) -> bool {
        let is = |at: usize| self.tokens.get(at).is_some_and(|t| t.kind == Kind::Command("circ"));
        is(at) || (self.mark(at) == Some(Mark::OpenBrace) && is(at + 1))
    }

    /// Whether the fraction is made of upright letters: `\frac{\text{m}}{\text{s}}`.
    fn is_upright(&self, at: usize) -> bool {
        self.tokens.get(at + 2).is_some_and(|t| matches!(t.kind, Kind::Text(_)))
    }

    /// A number before `place`, a unit or a noun from there on.
    fn with_unit(&self, part: &Part, place: usize) -> Option<Quantity> {
        let number = part.start..place;
        let value = self.expression(number.clone()).ok()?;
        let upright = matches!(self.tokens[place].kind, Kind::Text(_) | Kind::Command(_));
        if value.has_variable() && !upright {
            return None;
        }
        let text = self.unit_text(place..part.end)?;
        let text = text.trim();
        if let Some(rest) = percent_word(text) {
            let percent = rest.is_empty() || word::is_remark(rest);
            let literal = self.literal(number);
            return percent.then(|| Quantity { percent, literal, ..Quantity::plain(value) });
        }
        let apart = self.tokens[place].spaced || upright;
        let taken = if upright { unit::take_upright(text) } else { unit::take(text, apart) };
        let literal = self.literal(number);
        let (unit, rest) = match taken {
            Some(taken) => taken,
            // `5 \text{ in total}`
            None => {
                let remark = word::is_remark(&format!(" {text}"));
                return remark.then(|| Quantity { literal, ..Quantity::plain(value) });
            }
        };
        if !(rest.is_empty() || word::is_remark(rest)) {
            return None;
        }
        let otherwise =
            (unit.kind == Sureness::Doubtful).then(|| self.expression(part.clone()).ok()).flatten();
        Some(Quantity { value, percent: false, unit: Some(unit), literal, otherwise })
    }

    /// `1.2 million`, and a unit behind it.
    fn with_scale(&self, part: &Part, place: usize) -> Option<Quantity> {
        let word = match self.tokens[place].kind {
            Kind::Word(word) => word,
            Kind::Text(text) => text.trim(),
            _ => return None,
        };
        let scale = word::scale(word)?;
        let number = self.expression(part.start..place).ok()?;
        let value = Expr::Number(number.as_number()? * BigRational::from_integer(scale.into()));
        if place + 1 == part.end {
            return Some(Quantity::plain(value));
        }
        let (unit, rest) = unit::take(self.unit_text(place + 1..part.end)?.trim(), true)
            .map(|(unit, rest)| (unit, rest.to_owned()))?;
        (rest.is_empty() || word::is_remark(&rest))
            .then(|| Quantity { unit: Some(unit), ..Quantity::plain(value) })
    }

    /// `5 feet 6 inches`: the sum, in the first unit.
    pub(super) fn in_two_units(&self, first: Part, second: Part) -> Option<Quantity> {
        let number = |part: Part| {
            let place = self.beside(&part)?;
            let quantity = self.with_unit(&part, place)?;
            let value = quantity.value.as_number()?.clone();
            let unit = quantity.unit.filter(|u| u.kind != Sureness::Noun)?;
            Some((value, unit))
        };
        let ((large, unit), (small, other)) = (number(first)?, number(second)?);
        if !unit.same_dimension(&other) || unit.name == other.name {
            return None;
        }
        let (converted, pi) = other.convert(&small, &unit)?;
        // The second part is less than one of the first: else it is another answer.
        if pi != 0 || converted.abs() >= BigRational::one() {
            return None;
        }
        let value = Expr::Number(large + converted);
        Some(Quantity { unit: Some(unit), ..Quantity::plain(value) })
    }

    /// The text of a unit without its dress: `m/s^2`, `°C`.
    fn unit_text(&self, part: Part) -> Option<String> {
        let mut text = String::new();
        let mut at = part.start;
        while at < part.end {
            let token = &self.tokens[at];
            if token.spaced && !text.is_empty() {
                text.push(' ');
            }
            match token.kind {
                Kind::Word(word) | Kind::Numeral(word) => text.push_str(word),
                Kind::Text(inner) => {
                    let inner =
                        word::undressed(inner).replace("\\cdot ", "·").replace("\\cdot", "·");
                    // `\text{J mol}^{-1}\text{K}`
                    let apart = text.ends_with(|c: char| c.is_alphanumeric() && c != 'µ');
                    if apart && inner.starts_with(char::is_alphabetic) {
                        text.push(' ');
                    }
                    text.push_str(&inner);
                }
                Kind::Command("frac" | "dfrac" | "tfrac") => {
                    let above = at + 1..self.partners.get(at + 1)? + 1;
                    let below = above.end..self.partners.get(above.end)? + 1;
                    let above = self.unit_text(above)?;
                    let end = below.end;
                    let below = self.unit_text(below)?;
                    text.push_str(&format!("{}/({})", above.trim(), below.trim()));
                    at = end;
                    continue;
                }
                Kind::Command("Omega") => text.push('Ω'),
                Kind::Command("mu") => text.push('µ'),
                Kind::Command("AA") => text.push('Å'),
                Kind::Command("circ") => text.push('°'),
                Kind::Mark(mark) => match mark {
                    Mark::Degree => text.push('°'),
                    Mark::Caret if self.is_circle(at + 1) => {}
                    Mark::Caret => text.push('^'),
                    Mark::Divide => text.push('/'),
                    Mark::Times => text.push('·'),
                    Mark::Minus => text.push('-'),
                    Mark::OpenRound => text.push('('),
                    Mark::CloseRound => text.push(')'),
                    Mark::OpenBrace | Mark::CloseBrace => {}
                    Mark::Currency(sign) => text.push(sign),
                    Mark::Prime => text.push('\''),
                    Mark::Superscript(_) => text.push_str(&self.text[token.start..token.end]),
                    _ => return None,
                },
                _ => return None,
            }
            at += 1;
        }
        Some(text)
    }

    /// `1011_2`, `2A_{16}`, `1011_{\text{two}}`, `(1011)_2`.
    fn based(&self, part: &Part) -> Option<Value> {
        let place = (part.start..part.end).find(|at| self.mark(*at) == Some(Mark::Underscore));
        let Some(place) = place else { return word::based(self.slice(part.clone())) };
        let mut digits = part.start..place;
        if self.is_enclosed(&digits) {
            digits = digits.start + 1..digits.end - 1;
        }
        let numeral: String = self.tokens[digits.clone()]
            .iter()
            .map(|token| match token.kind {
                Kind::Numeral(text) | Kind::Word(text) | Kind::Text(text) => text.trim(),
                _ => "?",
            })
            .collect();
        let base = match self.tokens.get(place + 1..part.end)? {
            [only] => only,
            [open, only, _] if open.kind == Kind::Mark(Mark::OpenBrace) => only,
            _ => return None,
        };
        let base: u32 = match base.kind {
            Kind::Numeral(text) => text.parse().ok()?,
            Kind::Text(text) | Kind::Word(text) => match text.trim() {
                "two" => 2,
                "eight" => 8,
                "ten" => 10,
                "sixteen" => 16,
                _ => return None,
            },
            _ => return None,
        };
        // `x_2` is a variable.
        let starts = numeral.starts_with(|c: char| c.is_ascii_digit())
            || (numeral.len() > 1 && numeral.chars().all(|c| c.is_ascii_uppercase()) && base > 10);
        if !(2..=36).contains(&base) || !starts {
            return None;
        }
        numeral::in_base(&numeral, base).map(|value| Value::Based { value, base })
    }

    /// What the digits of a single decimal promise: `3.10`, `-3.1 \times 10^{5}`.
    fn literal(&self, part: Part) -> Option<Literal> {
        let mut at = part.start;
        while matches!(self.mark(at), Some(Mark::Minus | Mark::Plus)) {
            at += 1;
        }
        let Kind::Numeral(text) = self.tokens.get(at)?.kind else { return None };
        let (_, literal) = numeral::read(text).ok()?;
        if at + 1 == part.end {
            return Some(literal);
        }
        let rest = part.start.max(at + 1)..part.end;
        let power = self.mark(rest.start) == Some(Mark::Times)
            && matches!(self.tokens.get(rest.start + 1)?.kind, Kind::Numeral("10"))
            && matches!(self.mark(rest.start + 2), Some(Mark::Caret | Mark::Superscript(_)));
        if !power {
            return None;
        }
        let (exponent, _) =
            super::expression::whole(&self.tokens, &self.partners, rest.start + 1..rest.end, true)
                .ok()?;
        let Expr::Power(_, exponent) = exponent else { return None };
        let exponent = exponent.as_number()?.clone();
        let exponent: i32 =
            exponent.is_integer().then(|| exponent.to_integer())?.try_into().ok()?;
        Some(Literal {
            last_place: literal.last_place.checked_add(exponent)?,
            decimal: true,
            ..literal
        })
    }
}

/// The rest behind the word for a percent sign.
pub(super) fn percent_word(text: &str) -> Option<&str> {
    ["percent", "per cent", "pct"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .filter(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// A number behind a currency sign.
fn amount(value: Value, unit: Unit, negative: bool) -> Result<Quantity, Stop> {
    let Value::Quantity(mut quantity) = value else { return Err(Stop::NotMathematics) };
    match &quantity.unit {
        None => {}
        Some(other) if other.name == unit.name => {}
        // `$5 profit`, `$5 per hour` is left to the unit.
        Some(other) if other.kind == Sureness::Noun => {}
        Some(_) => return Err(Stop::NotMathematics),
    }
    if quantity.percent {
        return Err(Stop::NotMathematics);
    }
    quantity.unit = Some(unit);
    quantity.otherwise = None;
    if negative {
        quantity.value = quantity.value.negated();
    }
    Ok(quantity)
}
