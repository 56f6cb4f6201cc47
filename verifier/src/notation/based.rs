//! Numerals with a base.

use super::source::{Part, Source};
use super::token::{Kind, Mark};
use super::{number_word, numeral, word};
use crate::value::Value;

impl Source<'_> {
    /// `1011_2`, `2A_{16}`, `1011_{\text{two}}`, `(1011)_2`.
    pub(super) fn based(&self, part: &Part) -> Option<Value> {
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
            // `1011_{(2)}`
            [_, open, only, _, _] if open.kind == Kind::Mark(Mark::OpenRound) => only,
            _ => return None,
        };
        let base: u32 = match base.kind {
            Kind::Numeral(text) => text.parse().ok()?,
            Kind::Text(text) | Kind::Word(text) => {
                number_word::small(text.trim())?.try_into().ok()?
            }
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
}
