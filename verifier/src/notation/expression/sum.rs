//! Sums and products, and what stands side by side.

use num_rational::BigRational;
use num_traits::{One, Signed};

use super::call::is_arithmetic;
use super::{Read, Reader};
use crate::notation::Stop;
use crate::notation::token::{Kind, Mark};
use crate::value::Expr;

impl<'a> Reader<'a, '_> {
    /// `term ((+ | - | ±) term)*`.
    pub(super) fn sum(&mut self) -> Read<Expr> {
        let mut terms = Vec::new();
        let mut negative = self.signs();
        loop {
            let term = self.product()?;
            terms.push(if negative { term.negated() } else { term });
            if !matches!(
                self.peek_mark(),
                Some(Mark::Plus | Mark::Minus | Mark::PlusMinus | Mark::MinusPlus)
            ) {
                break;
            }
            negative = self.signs();
        }
        Ok(if terms.len() == 1 { terms.remove(0) } else { Expr::Sum(terms) })
    }

    /// Whether the signs that stand here make a minus.
    pub(super) fn signs(&mut self) -> bool {
        let mut negative = false;
        while let Some(mark) = self.peek_mark() {
            negative ^= match mark {
                Mark::Plus => false,
                Mark::Minus => true,
                Mark::PlusMinus | Mark::MinusPlus => {
                    self.split = true;
                    (mark == Mark::PlusMinus) != self.upper
                }
                _ => break,
            };
            self.at += 1;
        }
        negative
    }

    /// `power ((· | /)? power)*`, where what stands side by side is multiplied.
    pub(super) fn product(&mut self) -> Read<Expr> {
        let start = self.at;
        let first = self.power()?;
        let mut factors = vec![first];
        // The place and kind of the last division.
        let mut divided: Option<bool> = None;
        loop {
            match self.peek_mark() {
                Some(Mark::Times) => {
                    self.at += 1;
                    // The order of a cross product counts.
                    let vector = |kind| matches!(kind, Some(Kind::Command("vec")));
                    if factors.last().is_some_and(is_vector) && vector(self.peek()) {
                        return Err(Stop::NotMathematics);
                    }
                    let negative = self.signs();
                    let factor = self.power()?;
                    factors.push(if negative { factor.negated() } else { factor });
                    divided = None;
                }
                Some(Mark::Divide) => {
                    let numeric = factors.iter().all(|f| matches!(f, Expr::Number(_)));
                    self.at += 1;
                    let negative = self.signs();
                    let divisor = self.power()?;
                    let divisor = if negative { divisor.negated() } else { divisor };
                    divided = Some(numeric && matches!(divisor, Expr::Number(_)));
                    let last = factors.len() - 1;
                    if factors.len() == 1 {
                        let above = factors.remove(last);
                        factors.push(above.over(divisor));
                    } else {
                        factors.push(divisor.to_the(Expr::integer(-1)));
                    }
                }
                _ if self.starts_operand() => {
                    let bracketed =
                        matches!(self.peek_mark(), Some(Mark::OpenRound | Mark::OpenSquare));
                    let variable = matches!(self.peek(), Some(Kind::Word(_))) || bracketed;
                    match divided {
                        // `1/2x` and `1/2 \pi` are half of it; `1/2\pi` and `x/2y` can be meant in
                        // two ways.
                        Some(true) if variable || self.spaced() => {}
                        Some(_) => {
                            return Err(Stop::Ambiguous(
                                "what stands behind a slash may belong to the divisor or not",
                            ));
                        }
                        None => {}
                    }
                    let numerals =
                        matches!(
                            self.peek(),
                            Some(Kind::Numeral(_) | Kind::Mark(Mark::Fraction(..)))
                        ) && factors.last().is_some_and(|f| matches!(f, Expr::Number(_)));
                    if numerals {
                        // `2 3` is no product.
                        return Err(Stop::NotMathematics);
                    }
                    let mixed = self.mixed(start, &factors)?;
                    let factor = self.power()?;
                    if bracketed && divided.is_some() && is_arithmetic(&factor) {
                        // `6/2(1+2)`
                        return Err(Stop::Ambiguous(
                            "the brackets behind a slash may belong to the divisor or not",
                        ));
                    }
                    if mixed {
                        let whole = factors.pop().unwrap_or(Expr::integer(0));
                        factors.push(add_exact(whole, factor));
                    } else {
                        factors.push(factor);
                    }
                }
                _ => break,
            }
        }
        Ok(if factors.len() == 1 { factors.remove(0) } else { Expr::Product(factors) })
    }

    /// Whether a fraction stands here that makes a mixed number with the numeral before it.
    ///
    /// # Errors
    /// [`Stop::Ambiguous`] for `2\frac{4}{3}` and `3\frac{1}{6} \cdot 4`.
    pub(super) fn mixed(&self, start: usize, factors: &[Expr]) -> Read<bool> {
        let numeral = self.at == start + 1
            && factors.len() == 1
            && matches!(self.tokens[start].kind, Kind::Numeral(_))
            && factors[0].as_number().is_some_and(|n| n.is_integer());
        if !numeral
            || !matches!(self.peek(), Some(Kind::Command("frac" | "dfrac" | "tfrac" | "cfrac")))
        {
            return Ok(false);
        }
        // Only the fraction and the token behind it are looked at.
        let stop = (self.after_argument(self.after_argument(self.at + 1)) + 1).min(self.end);
        let mut near = self.tokens[self.at..stop].to_vec();
        let partners: Vec<usize> =
            self.partners[self.at..stop].iter().map(|p| p.wrapping_sub(self.at)).collect();
        let mut ahead = Reader {
            end: near.len(),
            tokens: &mut near,
            partners: &partners,
            at: 0,
            depth: self.depth,
            bars: 0,
            upper: true,
            split: false,
        };
        let fraction = ahead.atom()?;
        let Some(part) = fraction.as_number() else { return Ok(false) };
        let follows = ahead.starts_operand()
            || matches!(ahead.peek_mark(), Some(Mark::Times | Mark::Divide | Mark::Caret));
        if part.is_positive() && *part < BigRational::one() && !follows {
            return Ok(true);
        }
        Err(Stop::Ambiguous(
            "a numeral before a fraction may be a factor or a part of a mixed number",
        ))
    }

    /// The place behind the argument of a command that starts at `at`.
    pub(super) fn after_argument(&self, at: usize) -> usize {
        match self.tokens.get(at).map(|t| t.kind) {
            Some(Kind::Mark(Mark::OpenBrace)) => self.partners[at].max(at) + 1,
            _ => at + 1,
        }
    }

    /// Whether the next token can begin an operand.
    pub(super) fn starts_operand(&self) -> bool {
        match self.peek() {
            None => false,
            Some(Kind::Numeral(_) | Kind::Word(_)) => true,
            Some(Kind::Command(name)) => {
                !matches!(name, "pmod" | "bmod" | "mod" | "over" | "choose")
            }
            Some(Kind::Text(_) | Kind::Begin(_) | Kind::End(_)) => false,
            Some(Kind::Mark(mark)) => {
                (mark == Mark::Bar && self.bars == 0)
                    || matches!(
                        mark,
                        Mark::OpenRound
                            | Mark::OpenSquare
                            | Mark::OpenBrace
                            | Mark::OpenFloor
                            | Mark::OpenCeil
                            | Mark::Fraction(..)
                            | Mark::Radical(_)
                    )
            }
        }
    }
}

pub(super) fn add_exact(whole: Expr, part: Expr) -> Expr {
    match (whole, part) {
        (Expr::Number(a), Expr::Number(b)) => Expr::Number(a + b),
        (a, b) => a.plus(b),
    }
}

pub(super) fn is_vector(expr: &Expr) -> bool {
    matches!(expr, Expr::Variable(name) if name.starts_with("\\vec "))
}
