//! Operands: brackets of every kind, and the arguments of commands.

use num_rational::BigRational;

use super::{Read, Reader};
use crate::notation::Stop;
use crate::notation::numeral;
use crate::notation::token::{Kind, Mark};
use crate::value::{Expr, Function};

impl<'a> Reader<'a, '_> {
    pub(super) fn atom(&mut self) -> Read<Expr> {
        match self.peek() {
            Some(Kind::Numeral(text)) => self.numeral(text),
            Some(Kind::Word(word)) => self.word(word),
            Some(Kind::Command(name)) => self.command(name),
            Some(Kind::Begin(name @ ("vmatrix" | "smallmatrix"))) => {
                let _ = name;
                Err(Stop::Unsupported("determinants"))
            }
            Some(Kind::Mark(mark)) => self.bracketed(mark),
            _ => Err(Stop::NotMathematics),
        }
    }

    pub(super) fn bracketed(&mut self, mark: Mark) -> Read<Expr> {
        match mark {
            Mark::OpenRound | Mark::OpenSquare => {
                let close = self.tokens[self.partner()?].kind;
                let even = matches!(
                    (mark, close),
                    (Mark::OpenRound, Kind::Mark(Mark::CloseRound))
                        | (Mark::OpenSquare, Kind::Mark(Mark::CloseSquare))
                );
                if even { self.inside(Self::sum) } else { Err(Stop::NotMathematics) }
            }
            Mark::OpenBrace => self.inside(|reader| match reader.over()? {
                Some(fraction) => Ok(fraction),
                None => reader.sum(),
            }),
            Mark::OpenFloor => self.inside(Self::sum).map(|x| Expr::Call(Function::Floor, vec![x])),
            Mark::OpenCeil => self.inside(Self::sum).map(|x| Expr::Call(Function::Ceil, vec![x])),
            Mark::Bar => {
                self.at += 1;
                self.bars += 1;
                let inner = self.deeper(Self::sum)?;
                self.bars -= 1;
                if !self.eat(Mark::Bar) {
                    return Err(Stop::NotMathematics);
                }
                Ok(Expr::Call(Function::Abs, vec![inner]))
            }
            Mark::Fraction(above, below) => {
                self.at += 1;
                let part = Expr::Number(BigRational::new(above.into(), below.into()));
                Ok(part)
            }
            Mark::Radical(index) => {
                self.at += 1;
                let radicand = self.deeper(Self::atom)?;
                Ok(Expr::Call(Function::Root, vec![radicand, Expr::integer(index)]))
            }
            _ => Err(Stop::NotMathematics),
        }
    }

    /// `{a \over b}`, `{n \choose k}`.
    pub(super) fn over(&mut self) -> Read<Option<Expr>> {
        let place = (self.at..self.end)
            .find(|&at| matches!(self.tokens[at].kind, Kind::Command("over" | "choose")));
        let Some(place) = place else { return Ok(None) };
        let choose = self.tokens[place].kind == Kind::Command("choose");
        let outer = std::mem::replace(&mut self.end, place);
        let above = self.sum()?;
        if self.at < self.end {
            return Err(Stop::NotMathematics);
        }
        (self.at, self.end) = (place + 1, outer);
        let below = self.sum()?;
        Ok(Some(if choose {
            Expr::Call(Function::Binomial, vec![above, below])
        } else {
            above.over(below)
        }))
    }

    /// The argument of a command: a group, or one digit, letter or command.
    pub(super) fn argument(&mut self) -> Read<Expr> {
        match self.peek() {
            Some(Kind::Mark(Mark::OpenBrace)) => self.inside(Self::sum),
            Some(Kind::Numeral(text)) if text.len() > 1 => {
                if !text.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Stop::NotMathematics);
                }
                self.tokens[self.at].kind = Kind::Numeral(&text[1..]);
                self.tokens[self.at].spaced = false;
                Ok(Expr::Number(numeral::read(&text[..1])?.0))
            }
            // What follows belongs to something else: `\log_2 3`.
            Some(Kind::Numeral(text)) => self.bare_numeral(text),
            Some(Kind::Word(word)) => Ok(self.letter(word)),
            _ => self.deeper(Self::atom),
        }
    }
}
