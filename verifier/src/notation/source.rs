//! A text in tokens, with what its parts have in common: brackets, the sign of `±`.

use std::cell::Cell;
use std::ops::Range;

use super::token::{Kind, Mark, Token};
use super::{Stop, expression};
use crate::value::{Expr, Value};

/// How deep values nest: sets of tuples of sets.
const MAX_DEPTH: usize = 16;

/// A part of the tokens.
pub(super) type Part = Range<usize>;

pub(super) struct Source<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token<'a>>,
    /// For a bracket the place of its partner; for any other token its own.
    pub partners: Vec<usize>,
    /// Which sign `±` stands for.
    upper: Cell<bool>,
    /// Whether there was a `±`.
    split: Cell<bool>,
    depth: Cell<usize>,
}

impl<'a> Source<'a> {
    /// # Errors
    /// [`Stop::NotMathematics`] when the brackets do not match.
    pub fn new(text: &'a str, tokens: Vec<Token<'a>>) -> Result<Self, Stop> {
        let partners = partners(&tokens)?;
        Ok(Self {
            text,
            tokens,
            partners,
            upper: Cell::new(true),
            split: Cell::new(false),
            depth: Cell::new(0),
        })
    }

    /// The whole text.
    pub fn answer(&self) -> Result<Value, Stop> {
        self.list(0..self.tokens.len())
    }

    pub fn mark(&self, at: usize) -> Option<Mark> {
        match self.tokens.get(at)?.kind {
            Kind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    /// The part as one expression.
    pub fn expression(&self, part: Part) -> Result<Expr, Stop> {
        if part.is_empty() {
            return Err(Stop::NotMathematics);
        }
        let (value, split) =
            expression::whole(&self.tokens, &self.partners, part, self.upper.get())?;
        self.split.set(self.split.get() || split);
        Ok(value)
    }

    /// What `read` reads, with both signs of `±` if there is one.
    pub fn both_signs(
        &self,
        part: &Part,
        read: impl Fn() -> Result<Value, Stop>,
    ) -> Result<(Value, Option<Value>), Stop> {
        if self.has_several_signs(part) {
            return Err(Stop::Ambiguous("several signs ± may be taken together or one by one"));
        }
        let outer = self.split.replace(false);
        let value = read();
        let split = self.split.replace(outer);
        let value = value?;
        // Inside of one reading all signs are the same.
        if !split || !self.upper.get() {
            self.split.set(outer || split);
            return Ok((value, None));
        }
        self.upper.set(false);
        let other = read();
        self.upper.set(true);
        self.split.set(outer);
        Ok((value, Some(other?)))
    }

    /// Whether the signs of a statement may be taken together or one by one: `(\pm 1, \pm 2)`. In
    /// a set each element has its own.
    fn has_several_signs(&self, part: &Part) -> bool {
        let set = self.is_enclosed(part)
            && matches!(self.mark(part.start), Some(Mark::OpenSet | Mark::OpenBrace));
        let is = |wanted: Mark| move |token: &&Token| token.kind == Kind::Mark(wanted);
        let tokens = &self.tokens[part.clone()];
        !set && tokens.iter().filter(is(Mark::PlusMinus)).count() > 1
            && !tokens.iter().any(|token| is(Mark::MinusPlus)(&token))
    }

    /// Reads one level deeper.
    pub fn deeper(&self, read: impl FnOnce() -> Result<Value, Stop>) -> Result<Value, Stop> {
        if self.depth.get() >= MAX_DEPTH {
            return Err(Stop::NotMathematics);
        }
        self.depth.set(self.depth.get() + 1);
        let value = read();
        self.depth.set(self.depth.get() - 1);
        value
    }

    /// The places in a part, outside of brackets, where `found` holds.
    pub fn places(&self, part: Part, found: impl Fn(Kind<'a>) -> bool) -> Vec<usize> {
        let mut places = Vec::new();
        let mut at = part.start;
        while at < part.end {
            if found(self.tokens[at].kind) {
                places.push(at);
            }
            at = self.partners[at].max(at) + 1;
        }
        places
    }

    /// The parts between the places.
    pub fn between(&self, part: Part, places: &[usize]) -> Vec<Part> {
        let mut start = part.start;
        let mut parts = Vec::with_capacity(places.len() + 1);
        for place in places {
            parts.push(start..*place);
            start = place + 1;
        }
        parts.push(start..part.end);
        parts
    }

    /// The source text of a part.
    pub fn slice(&self, part: Part) -> &'a str {
        match (
            self.tokens.get(part.start),
            part.end.checked_sub(1).and_then(|e| self.tokens.get(e)),
        ) {
            (Some(first), Some(last)) if !part.is_empty() => &self.text[first.start..last.end],
            _ => "",
        }
    }

    /// Whether the part is one pair of brackets with its content.
    pub fn is_enclosed(&self, part: &Part) -> bool {
        part.len() >= 2 && self.partners[part.start] == part.end - 1
    }
}

fn partners(tokens: &[Token]) -> Result<Vec<usize>, Stop> {
    let mut partners: Vec<usize> = (0..tokens.len()).collect();
    let mut open: Vec<usize> = Vec::new();
    let mut inner = 0..tokens.len();
    if is_french(tokens) {
        inner = 1..tokens.len() - 1;
        (partners[0], partners[inner.end]) = (inner.end, 0);
    }
    for at in inner {
        match tokens[at].kind {
            Kind::Mark(mark) if mark.opens() => open.push(at),
            Kind::Begin(_) => open.push(at),
            Kind::Mark(mark) if mark.is_closing() => {
                let partner = open.pop().ok_or(Stop::NotMathematics)?;
                match tokens[partner].kind {
                    Kind::Mark(opening) if mark.closes(opening) => {}
                    _ => return Err(Stop::NotMathematics),
                }
                (partners[at], partners[partner]) = (partner, at);
            }
            Kind::End(name) => {
                let partner = open.pop().ok_or(Stop::NotMathematics)?;
                if tokens[partner].kind != Kind::Begin(name) {
                    return Err(Stop::NotMathematics);
                }
                (partners[at], partners[partner]) = (partner, at);
            }
            _ => {}
        }
    }
    if open.is_empty() { Ok(partners) } else { Err(Stop::NotMathematics) }
}

/// `]0, 1[`, `[0, 1[`, `]0, 1]`: square brackets turned outwards at an open end.
fn is_french(tokens: &[Token]) -> bool {
    let [first, .., last] = tokens else { return false };
    let square = |token: &Token| match token.kind {
        Kind::Mark(mark @ (Mark::OpenSquare | Mark::CloseSquare)) => Some(mark),
        _ => None,
    };
    matches!(
        (square(first), square(last)),
        (Some(Mark::CloseSquare), Some(_)) | (Some(Mark::OpenSquare), Some(Mark::OpenSquare))
    )
}
