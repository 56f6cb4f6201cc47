//! The number at the head of a sentence.

use super::source::Source;
use super::token::{Kind, Mark};
use super::{Stop, lexer, number_word};
use crate::budget::OverBudget;
use crate::unit::{self, Kind as Sureness};
use crate::value::{Expr, Quantity, Value};

/// The longest sentence whose head is read, in bytes.
const MAX_SENTENCE: usize = 1000;

/// The number at the head of a text with its percent sign or unit, and what follows it.
///
/// # Errors
/// [`Stop::NotMathematics`] when no number without variables stands there.
pub fn head(text: &str) -> Result<(Quantity, &str), Stop> {
    if text.len() > MAX_SENTENCE {
        return Err(Stop::OverBudget(OverBudget::new("sentence", "the sentence is too long")));
    }
    let tokens = lexer::prefix(text);
    let mut end = 0;
    let mut numeral = false;
    let mut open = 0usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Numeral(_) | Kind::Mark(Mark::Fraction(..)) => numeral = true,
            Kind::Mark(mark) if mark.opens() => open += 1,
            // The brackets of the sentence around the number.
            Kind::Mark(mark) if mark.is_closing() && open == 0 => break,
            Kind::Mark(mark) if mark.is_closing() => open -= 1,
            Kind::Mark(
                Mark::Comma
                | Mark::Semicolon
                | Mark::Colon
                | Mark::Equal
                | Mark::Approximate
                | Mark::Prime,
            ) if open == 0 => break,
            // `0.333...` is not 0.333.
            Kind::Mark(Mark::Ellipsis) if at != end || end == 0 => break,
            // In prose the mark is as often an exclamation as a factorial.
            Kind::Mark(Mark::Factorial) if open == 0 => return Err(Stop::NotMathematics),
            Kind::Word(_) | Kind::Text(_) if open == 0 => break,
            Kind::Word(_) | Kind::Text(_) | Kind::Begin(_) | Kind::End(_) => {
                return Err(Stop::NotMathematics);
            }
            _ => {}
        }
        end = at + 1;
    }
    if !numeral {
        return Err(Stop::NotMathematics);
    }
    let after = tokens[..end].last().map_or(0, |token| token.end);
    let spaced = tokens.get(end).is_some_and(|token| token.spaced);
    let source = Source::new(&text[..after], tokens[..end].to_vec())?;
    let Value::Quantity(mut number) = source.quantity(0..end)? else {
        return Err(Stop::NotMathematics);
    };
    if number.value.has_variable() {
        return Err(Stop::NotMathematics);
    }
    let rest = &text[after..];
    if number.percent {
        return Ok((number, rest));
    }
    let beside = rest.trim_start();
    if let Some(after) = super::quantity::percent_word(beside) {
        number.percent = number.unit.is_none();
        return if number.percent { Ok((number, after)) } else { Err(Stop::NotMathematics) };
    }
    if let Some(word) = beside.split(|c: char| !c.is_alphabetic()).next()
        && let Some(scale) = number_word::scale(word)
        && let Expr::Number(value) = &number.value
    {
        let scale = num_rational::BigRational::from_integer(scale.into());
        number.value = Expr::Number(value * scale);
        number.literal = None;
        return Ok((number, &beside[word.len()..]));
    }
    let Some((unit, behind)) = unit::take(beside, spaced) else { return Ok((number, rest)) };
    match &number.unit {
        None => number.unit = Some(unit),
        Some(currency) if currency.name == unit.name => {}
        // `$5 profit`
        Some(_) if unit.kind == Sureness::Noun => return Ok((number, rest)),
        Some(_) => return Err(Stop::NotMathematics),
    }
    Ok((number, behind))
}
