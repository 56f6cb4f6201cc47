//! Numerals with what belongs to them: recurring decimals, mixed numbers.

use num_rational::BigRational;
use num_traits::Signed;

use super::{Read, Reader};
use crate::notation::Stop;
use crate::notation::numeral;
use crate::notation::token::{Kind, Mark};
use crate::value::Expr;

impl<'a> Reader<'a, '_> {
    pub(super) fn numeral(&mut self, text: &'a str) -> Read<Expr> {
        let next = self.tokens.get(self.at + 1).filter(|_| self.at + 1 < self.end);
        match next.map(|token| (token.kind, token.spaced)) {
            Some((Kind::Command("overline" | "bar" | "dot"), false)) if text.contains('.') => {
                self.at += 1;
                return self.recurring(text);
            }
            // `0.1(6)`
            Some((Kind::Mark(Mark::OpenRound), false)) if text.contains('.') => {
                let numeral = self.at;
                self.at += 1;
                match self.digits_inside() {
                    Ok(block) => return numeral::recurring(text, block).map(Expr::Number),
                    Err(_) => self.at = numeral,
                }
            }
            Some((Kind::Mark(Mark::Ellipsis), _)) => {
                self.at += 2;
                let (before, block) = numeral::repeated(text).ok_or(Stop::NotMathematics)?;
                return numeral::recurring(before, block).map(Expr::Number);
            }
            // `3½`
            Some((Kind::Mark(Mark::Fraction(above, below)), _)) if !text.contains('.') => {
                self.at += 2;
                let part = BigRational::new(above.into(), below.into());
                return Ok(Expr::Number(numeral::read(text)?.0 + part));
            }
            // `3 1/2`
            Some((Kind::Numeral(above), true)) if !text.contains(['.', 'e', 'E']) => {
                return self.mixed_numerals(text, above);
            }
            _ => {}
        }
        self.at += 1;
        Ok(Expr::Number(numeral::read(text)?.0))
    }

    /// `3 1/2`, at the place of the 3.
    pub(super) fn mixed_numerals(&mut self, whole: &str, above: &str) -> Read<Expr> {
        let kinds: Vec<Kind> =
            (self.at + 2..self.end.min(self.at + 5)).map(|at| self.tokens[at].kind).collect();
        let [Kind::Mark(Mark::Divide), Kind::Numeral(below), rest @ ..] = kinds.as_slice() else {
            return Err(Stop::NotMathematics);
        };
        let (above, below) = (numeral::read(above)?.0, numeral::read(below)?.0);
        let proper =
            above.is_integer() && below.is_integer() && above.is_positive() && above < below;
        let joined = matches!(
            rest.first(),
            Some(Kind::Mark(
                Mark::Times | Mark::Divide | Mark::Caret | Mark::OpenRound | Mark::Factorial
            ))
        );
        if !proper || joined {
            return Err(Stop::NotMathematics);
        }
        self.at += 4;
        Ok(Expr::Number(numeral::read(whole)?.0 + above / below))
    }

    /// `\overline{6}` or `\dot{1}4\dot{2}` behind a numeral with a point.
    pub(super) fn recurring(&mut self, before: &str) -> Read<Expr> {
        let dotted = self.peek() == Some(Kind::Command("dot"));
        self.at += 1;
        let mut block = self.digits_inside()?.to_owned();
        if dotted {
            if let (Some(Kind::Numeral(middle)), Some(Kind::Command("dot"))) =
                (self.peek(), self.tokens.get(self.at + 1).map(|t| t.kind))
            {
                block.push_str(middle);
                self.at += 1;
            }
            if self.peek() == Some(Kind::Command("dot")) {
                self.at += 1;
                block.push_str(self.digits_inside()?);
            }
        }
        numeral::recurring(before, &block).map(Expr::Number)
    }

    /// The digits of a group that holds nothing else, or one bare digit.
    pub(super) fn digits_inside(&mut self) -> Read<&'a str> {
        let grouped = matches!(self.peek_mark(), Some(Mark::OpenBrace | Mark::OpenRound));
        let close = if grouped { self.partner()? } else { self.at };
        let at = self.at + usize::from(grouped);
        match self.tokens.get(at).map(|t| t.kind) {
            Some(Kind::Numeral(digits))
                if (!grouped || close == at + 1) && digits.bytes().all(|b| b.is_ascii_digit()) =>
            {
                self.at = close + 1;
                Ok(digits)
            }
            _ => Err(Stop::NotMathematics),
        }
    }

    /// A numeral without regard to what follows it.
    pub(super) fn bare_numeral(&mut self, text: &str) -> Read<Expr> {
        self.at += 1;
        Ok(Expr::Number(numeral::read(text)?.0))
    }
}
