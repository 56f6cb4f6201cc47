//! Functions with their exponent, their base and their argument.

use num_rational::BigRational;
use num_traits::One;

use super::{Read, Reader};
use crate::notation::Stop;
use crate::notation::function;
use crate::notation::token::{Kind, Mark};
use crate::value::{Expr, Function};

impl<'a> Reader<'a, '_> {
    /// A function with its exponent, its base and its argument.
    pub(super) fn call(&mut self, function: Function) -> Read<Expr> {
        let mut base = None;
        let mut exponent = None;
        for _ in 0..2 {
            if function == Function::Log && base.is_none() && self.eat(Mark::Underscore) {
                base = Some(self.base()?);
            } else if exponent.is_none() {
                exponent = self.exponent()?;
            }
        }
        let mut arguments = self.arguments(&function)?;
        let (fewest, most) = function::arity(&function);
        if arguments.len() < fewest || arguments.len() > most {
            return Err(Stop::NotMathematics);
        }
        if let Some(base) = base {
            if arguments.len() > 1 {
                return Err(Stop::NotMathematics);
            }
            arguments.insert(0, base);
        }
        let inverse =
            exponent.as_ref().and_then(Expr::as_number).is_some_and(|n| *n == -BigRational::one());
        if inverse {
            let Some(inverse) = function::inverse(&function) else {
                return Err(Stop::Ambiguous("the exponent -1 may mean the inverse function"));
            };
            return Ok(Expr::Call(inverse, arguments));
        }
        let value = function::applied(function, arguments);
        Ok(match exponent {
            Some(exponent) => value.to_the(exponent),
            None => value,
        })
    }

    /// The base of a logarithm: `_2`, `_{10}`, and `_10` where it is followed by the argument.
    pub(super) fn base(&mut self) -> Read<Expr> {
        let Some(Kind::Numeral(digits)) = self.peek() else { return self.argument() };
        let at = self.at;
        self.at += 1;
        let followed = self.starts_operand();
        self.at = at;
        match digits {
            "10" if followed => self.bare_numeral(digits),
            _ if followed && digits.len() > 1 => {
                Err(Stop::Ambiguous("the base of a logarithm may be its first digit or all"))
            }
            _ => self.argument(),
        }
    }

    pub(super) fn arguments(&mut self, function: &Function) -> Read<Vec<Expr>> {
        match self.peek_mark() {
            Some(Mark::OpenRound | Mark::OpenBrace | Mark::OpenSquare) => self.inside(|reader| {
                let mut arguments = vec![reader.sum()?];
                while reader.eat(Mark::Comma) {
                    arguments.push(reader.sum()?);
                }
                Ok(arguments)
            }),
            _ => self.bare_argument(function).map(|argument| vec![argument]),
        }
    }

    /// `\sin 2x`: what stands side by side, up to the next function or operator.
    pub(super) fn bare_argument(&mut self, function: &Function) -> Read<Expr> {
        self.deeper(|reader| {
            let negative = reader.signs();
            let mut factors = Vec::new();
            while reader.starts_operand() && !reader.starts_function(reader.at) {
                if !factors.is_empty() && !reader.continues_argument() {
                    return Err(Stop::Ambiguous(
                        "what follows may belong to the argument of a function or not",
                    ));
                }
                factors.push(reader.power()?);
            }
            if factors.is_empty() && reader.starts_function(reader.at) {
                // `\ln \sin x`
                factors.push(reader.power()?);
            }
            if reader.peek_mark() == Some(Mark::Divide)
                && *function != Function::Abs
                && !reader.starts_function(reader.at + 1)
            {
                return Err(Stop::Ambiguous(
                    "a slash behind a function without brackets may belong to its argument",
                ));
            }
            let argument = match factors.len() {
                0 => return Err(Stop::NotMathematics),
                1 => factors.remove(0),
                _ => Expr::Product(factors),
            };
            Ok(if negative { argument.negated() } else { argument })
        })
    }

    /// Whether a factor belongs to the argument before it: a letter does (`\sin 2x`), a bracket
    /// or a root (`\sin x (1 + x)`) may be a factor of its own.
    pub(super) fn continues_argument(&self) -> bool {
        match self.peek() {
            Some(Kind::Word("e")) => {
                self.tokens.get(self.at + 1).map(|t| t.kind) != Some(Kind::Mark(Mark::Caret))
            }
            Some(Kind::Word(_)) => true,
            Some(Kind::Command(name)) => name == "pi" || function::is_letter(name),
            _ => false,
        }
    }

    pub(super) fn starts_function(&self, at: usize) -> bool {
        match self.tokens.get(at).filter(|_| at < self.end).map(|token| token.kind) {
            Some(Kind::Command(name)) => function::named(name).is_some(),
            Some(Kind::Word(word)) => {
                function::plain_name(word).is_some_and(|name| function::named(name).is_some())
                    || function::glued(word).is_some()
            }
            _ => false,
        }
    }
}

/// Whether an expression is made of numbers by addition and multiplication.
pub(super) fn is_arithmetic(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) => true,
        Expr::Sum(parts) | Expr::Product(parts) => parts.iter().all(is_arithmetic),
        _ => false,
    }
}
