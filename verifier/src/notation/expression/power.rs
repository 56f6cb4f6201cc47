//! Powers, and the marks behind an operand: factorials, percent signs, degrees.

use super::{Read, Reader};
use crate::notation::Stop;
use crate::notation::token::{Kind, Mark};
use crate::value::{Constant, Expr, Function};

impl<'a> Reader<'a, '_> {
    /// `atom mark* (^ exponent)? mark*`, the exponent grouping to the right.
    pub(super) fn power(&mut self) -> Read<Expr> {
        let atom = self.atom()?;
        let base = self.marks(atom)?;
        let Some(exponent) = self.exponent()? else { return Ok(base) };
        let factorial = Some(Kind::Mark(Mark::Factorial));
        let before = self.at.checked_sub(1).map(|at| self.tokens[at].kind);
        if self.peek() == factorial || before == factorial {
            return Err(Stop::Ambiguous("a factorial may be one of the exponent or of the power"));
        }
        let exact = Expr::Power(Box::new(base), Box::new(exponent));
        self.marks(exact)
    }

    /// Factorials, percent signs and degrees behind an operand.
    pub(super) fn marks(&mut self, mut value: Expr) -> Read<Expr> {
        loop {
            match self.peek_mark() {
                Some(Mark::Factorial) => {
                    self.at += 1;
                    let double = !self.spaced() && self.eat(Mark::Factorial);
                    if self.peek_mark() == Some(Mark::Factorial) {
                        return Err(Stop::NotMathematics);
                    }
                    let name = if double { Function::DoubleFactorial } else { Function::Factorial };
                    value = Expr::Call(name, vec![value]);
                }
                Some(Mark::Percent) => {
                    self.at += 1;
                    value = value.over(Expr::integer(100));
                }
                Some(Mark::Degree) => {
                    self.at += 1;
                    value = degrees(value);
                }
                Some(Mark::Caret) if self.circle() > 0 => {
                    self.at += self.circle();
                    value = degrees(value);
                }
                _ => return Ok(value),
            }
        }
    }

    /// How many tokens `^\circ` or `^{\circ}` takes here; none if it does not stand here.
    pub(super) fn circle(&self) -> usize {
        let is = |at: usize| at < self.end && self.tokens[at].kind == Kind::Command("circ");
        if is(self.at + 1) {
            2
        } else if is(self.at + 2) && self.tokens[self.at + 1].kind == Kind::Mark(Mark::OpenBrace) {
            4
        } else {
            0
        }
    }

    /// The exponent that stands here, if one does.
    pub(super) fn exponent(&mut self) -> Read<Option<Expr>> {
        if let Some(Mark::Superscript(_)) = self.peek_mark() {
            return self.superscript().map(Some);
        }
        if !self.eat(Mark::Caret) {
            return Ok(None);
        }
        self.deeper(|reader| {
            let negative = reader.signs();
            let exponent = if matches!(reader.peek_mark(), Some(Mark::OpenBrace)) {
                let group = reader.inside(Self::sum)?;
                match reader.exponent()? {
                    Some(next) => group.to_the(next),
                    None => group,
                }
            } else if let Some(Kind::Numeral(text)) = reader.peek() {
                let numeral = reader.bare_numeral(text)?;
                match reader.exponent()? {
                    Some(next) => numeral.to_the(next),
                    None => numeral,
                }
            } else {
                reader.power()?
            };
            Ok(Some(if negative { exponent.negated() } else { exponent }))
        })
    }

    pub(super) fn superscript(&mut self) -> Read<Expr> {
        let (mut value, mut negative, mut digits) = (0i64, false, 0);
        while let Some(Mark::Superscript(digit)) = self.peek_mark() {
            if digit < 0 {
                negative = digits == 0;
            } else {
                value = value * 10 + i64::from(digit);
                digits += 1;
            }
            self.at += 1;
            if digits > 12 {
                return Err(Stop::NotMathematics);
            }
        }
        if digits == 0 {
            return Err(Stop::NotMathematics);
        }
        Ok(Expr::integer(if negative { -value } else { value }))
    }
}

pub(super) fn degrees(value: Expr) -> Expr {
    value.times(Expr::Constant(Constant::Pi)).over(Expr::integer(180))
}
