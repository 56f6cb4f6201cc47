//! Commands of LaTeX: fractions, roots, accents, sums with bounds.

use super::{Read, Reader};
use crate::notation::Stop;
use crate::notation::function;
use crate::notation::token::{Kind, Mark, Token};
use crate::value::{Constant, Expr, Function, Series};

impl<'a> Reader<'a, '_> {
    /// A command at the head, or a word that stands for one.
    pub(super) fn command(&mut self, name: &'a str) -> Read<Expr> {
        self.at = self.at.wrapping_add(1);
        match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                if let Some(derivative) = self.derivative()? {
                    return Ok(derivative);
                }
                let above = self.argument()?;
                let below = self.argument()?;
                Ok(above.over(below))
            }
            "binom" | "dbinom" | "tbinom" => {
                let n = self.argument()?;
                let k = self.argument()?;
                Ok(Expr::Call(Function::Binomial, vec![n, k]))
            }
            "sqrt" => self.root(),
            "pi" => Ok(Expr::Constant(Constant::Pi)),
            "infty" => Ok(Expr::Constant(Constant::Infinity)),
            "sum" | "prod" => self.series(name == "prod"),
            "angle" | "measuredangle" | "triangle" => match self.peek() {
                Some(Kind::Word(points)) => {
                    self.at += 1;
                    Ok(Expr::Variable(format!("\\{name} {points}")))
                }
                _ => Err(Stop::NotMathematics),
            },
            "overline" | "bar" | "hat" | "vec" | "tilde" | "widehat" | "overrightarrow" => {
                self.accent(name)
            }
            "circ" | "int" | "lim" | "partial" | "nabla" | "to" | "rightarrow" | "implies" => {
                Err(Stop::Unsupported("limits, integrals, derivatives and maps"))
            }
            _ => match function::named(name) {
                Some(function) => self.call(function),
                None if function::is_letter(name) => {
                    let primes = self.primes();
                    if self.peek_mark() == Some(Mark::OpenRound) && !self.spaced() {
                        let opened = self.at;
                        let argument = self.inside(Self::sum)?;
                        if function::is_applied(name, &argument) {
                            let name = format!("\\{name}{primes}");
                            return Ok(Expr::Call(Function::Unknown(name), vec![argument]));
                        }
                        self.at = opened;
                    }
                    self.indexed(format!("\\{name}{primes}"))
                }
                None => Err(Stop::NotMathematics),
            },
        }
    }

    pub(super) fn root(&mut self) -> Read<Expr> {
        let index = if self.peek_mark() == Some(Mark::OpenSquare) {
            self.inside(Self::sum)?
        } else {
            Expr::integer(2)
        };
        let radicand = match self.peek() {
            Some(Kind::Mark(Mark::OpenRound)) => self.inside(Self::sum)?,
            Some(Kind::Numeral(digits)) if digits.len() > 1 => {
                return Err(Stop::Ambiguous("a root without braces may reach over all digits"));
            }
            _ => self.argument()?,
        };
        Ok(Expr::Call(Function::Root, vec![radicand, index]))
    }

    /// `{dy}{dx}` behind `\frac`: a derivative as a variable with a name of its own.
    pub(super) fn derivative(&mut self) -> Read<Option<Expr>> {
        let group = |open: usize| {
            let close = self.partners.get(open).copied()?;
            let opens = self.tokens.get(open)?.kind == Kind::Mark(Mark::OpenBrace);
            (opens && close > open && close < self.end).then_some((open + 1, close))
        };
        let Some((above, to)) = group(self.at) else { return Ok(None) };
        let Some((below, end)) = group(to + 1) else { return Ok(None) };
        let differential = |at: usize, most: usize| match self.tokens[at].kind {
            Kind::Word(word) => word.starts_with('d') && word.len() <= most,
            Kind::Command(name) => name == "partial",
            _ => false,
        };
        if above == to || below == end || !differential(above, 2) || !differential(below, 2) {
            return Ok(None);
        }
        match (&self.tokens[above..to], &self.tokens[below..end]) {
            ([Token { kind: Kind::Word(y), .. }], [Token { kind: Kind::Word(x), .. }])
                if y.len() == 2 && x.len() == 2 =>
            {
                self.at = end + 1;
                Ok(Some(Expr::Variable(format!("{y}/{x}"))))
            }
            // `\frac{d}{x}` is a fraction like any other.
            (_, [Token { kind: Kind::Word("d"), .. }]) => Ok(None),
            _ => Err(Stop::Unsupported("limits, integrals, derivatives and maps")),
        }
    }

    /// An accent makes another variable of a name.
    pub(super) fn accent(&mut self, name: &str) -> Read<Expr> {
        let inner = self.argument()?;
        match inner {
            Expr::Variable(inner) => Ok(Expr::Variable(format!("\\{name} {inner}"))),
            // The conjugate of a number.
            inner if matches!(name, "overline" | "bar") && !matches!(inner, Expr::Number(_)) => {
                Ok(Expr::Call(Function::Conjugate, vec![inner]))
            }
            _ => Err(Stop::NotMathematics),
        }
    }

    /// `\sum_{k=1}^{n} term`, the term being a product.
    pub(super) fn series(&mut self, product: bool) -> Read<Expr> {
        if !self.eat(Mark::Underscore) || self.peek_mark() != Some(Mark::OpenBrace) {
            return Err(Stop::Unsupported("a sum without bounds"));
        }
        let (variable, from) = self.inside(|reader| {
            let Some(Kind::Word(name)) = reader.peek() else { return Err(Stop::NotMathematics) };
            reader.at += 1;
            if !reader.eat(Mark::Equal) {
                return Err(Stop::Unsupported("a sum over a condition"));
            }
            Ok((name.to_owned(), reader.sum()?))
        })?;
        if !self.eat(Mark::Caret) {
            return Err(Stop::Unsupported("a sum without an upper bound"));
        }
        let to = self.argument()?;
        let term = self.deeper(Self::product)?;
        let term = if variable == "i" { function::rebind_i(term) } else { term };
        // In `x_k` the index is more than a part of a name.
        let indexed = |name: &String| {
            name.split_once('_').is_some_and(|(_, index)| index.contains(variable.as_str()))
        };
        if term.variables().iter().any(indexed) {
            return Err(Stop::Unsupported("a sum over indices"));
        }
        Ok(Expr::Series(Box::new(Series { product, variable, from, to, term })))
    }
}
