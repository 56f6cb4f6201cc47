//! Numbers with what stands beside them: percent signs, currencies, units, nouns.

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::source::{Part, Source};
use super::token::{Kind, Mark};
use super::{Stop, number_word, numeral, word};
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
        // `\mathbf{9.8\ m/s^2}`
        if self.is_enclosed(&part) && self.mark(part.start) == Some(Mark::OpenBrace) {
            let inner = part.start + 1..part.end - 1;
            if self.beside(&inner).is_some() {
                part = inner;
            }
        }
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
                if quantity.unit.is_some() && self.is_range(part.start..place) {
                    return Err(Stop::Ambiguous("`5-6 cm` is a range or a difference"));
                }
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

    /// A number before `place`, a unit or a noun from there on.
    fn with_unit(&self, part: &Part, place: usize) -> Option<Quantity> {
        let mut number = part.start..place;
        // `25{}^\circ\text{C}`
        if number.len() > 2
            && self.mark(number.end - 1) == Some(Mark::CloseBrace)
            && self.partners[number.end - 1] + 2 == number.end
        {
            number.end -= 2;
        }
        let value = self.expression(number.clone()).ok()?;
        let bracketed =
            matches!(self.mark(place), Some(Mark::OpenRound | Mark::OpenSquare | Mark::OpenBrace));
        let (place, end) = if bracketed { (place + 1, part.end - 1) } else { (place, part.end) };
        let first = self.tokens[place].kind;
        let upright = match first {
            Kind::Command("frac" | "dfrac" | "tfrac") => self.is_upright(place),
            Kind::Command(name) => name != "ell",
            kind => matches!(kind, Kind::Text(_)),
        };
        if value.has_variable() && !upright {
            return None;
        }
        let text = self.unit_text(place..end)?;
        let text = text.trim();
        if bracketed {
            let taken = if upright { unit::take_upright(text) } else { unit::take(text, true) };
            let unit = taken.filter(|(unit, rest)| {
                unit.kind != Sureness::Noun && rest.is_empty() && unit.name != "unit"
            });
            let literal = self.literal(number);
            let otherwise = self.expression(part.clone()).ok();
            return unit.map(|(unit, _)| Quantity {
                otherwise: otherwise.filter(|_| unit.kind == Sureness::Doubtful),
                literal,
                unit: Some(unit),
                ..Quantity::plain(value)
            });
        }
        if let Some(rest) = percent_word(text) {
            let percent = rest.is_empty() || word::is_remark(rest);
            let literal = self.literal(number);
            return percent.then(|| Quantity { percent, literal, ..Quantity::plain(value) });
        }
        let apart = self.tokens[place].spaced || upright;
        let taken = if upright { unit::take_upright(text) } else { unit::take(text, apart) };
        let literal = self.literal(number.clone());
        let (mut unit, rest) = match taken {
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
        // `\mu m` may be two variables, `\mu\text{m}` is none.
        if first == Kind::Command("mu")
            && self.tokens.get(place + 1).is_some_and(|t| matches!(t.kind, Kind::Word(_)))
        {
            unit.kind = Sureness::Doubtful;
        }
        // In `4-7m` the letter belongs to the last term.
        if unit.kind == Sureness::Doubtful && self.is_sum(&number) {
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
        let scale = number_word::scale(word)?;
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
        if pi != 0 || converted >= BigRational::one() {
            return None;
        }
        // In `-1 hour 30 minutes` the sign is that of both.
        if large.is_negative() || small.is_negative() {
            return None;
        }
        let value = Expr::Number(large + converted);
        Some(Quantity { unit: Some(unit), ..Quantity::plain(value) })
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
