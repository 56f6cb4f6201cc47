//! Expressions: sums, products, powers, functions. Recursive descent of bounded depth over tokens.

mod call;
mod command;
mod digits;
mod name;
mod operand;
mod power;
mod sum;

use crate::budget::OverBudget;
use crate::notation::Stop;
use crate::notation::token::{Kind, Mark, Token};
use crate::value::Expr;

/// How deep groups nest; each makes at most four levels of an expression.
const MAX_NESTING: usize = Expr::MAX_DEPTH / 4;

/// How many letters side by side may be a product.
const MAX_LETTERS: usize = 64;

pub(super) type Read<T> = Result<T, Stop>;

/// Reads expressions from a part of the tokens.
pub(super) struct Reader<'a, 't> {
    tokens: &'t mut [Token<'a>],
    /// For an opening bracket the place of its partner, and the other way round.
    partners: &'t [usize],
    at: usize,
    end: usize,
    depth: usize,
    /// How many bars are open.
    bars: usize,
    /// Which sign `±` stands for.
    upper: bool,
    /// Whether there was a `±`.
    pub(super) split: bool,
}

/// The whole of `tokens[range]` as one expression; `true` when a `±` was taken with its upper
/// sign, or with `upper` false with its lower one.
pub(super) fn whole<'a>(
    tokens: &[Token<'a>],
    partners: &[usize],
    range: std::ops::Range<usize>,
    upper: bool,
) -> Read<(Expr, bool)> {
    // Numerals and words may be cut (`\frac12`), which must not be seen by another reading.
    let mut own = tokens[range.clone()].to_vec();
    let (base, end) = (range.start, range.len());
    let near: Vec<usize> = partners[range].iter().map(|p| p.wrapping_sub(base)).collect();
    let mut reader = Reader {
        tokens: &mut own,
        partners: &near,
        at: 0,
        end,
        depth: 0,
        bars: 0,
        upper,
        split: false,
    };
    let value = reader.sum()?;
    if reader.at < reader.end {
        return Err(Stop::NotMathematics);
    }
    Ok((value, reader.split))
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<Kind<'a>> {
        (self.at < self.end).then(|| self.tokens[self.at].kind)
    }

    fn peek_mark(&self) -> Option<Mark> {
        match self.peek() {
            Some(Kind::Mark(mark)) => Some(mark),
            _ => None,
        }
    }

    fn spaced(&self) -> bool {
        self.at < self.end && self.tokens[self.at].spaced
    }

    fn eat(&mut self, mark: Mark) -> bool {
        let found = self.peek_mark() == Some(mark);
        self.at += usize::from(found);
        found
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_NESTING {
            let what = format!("the answer nests deeper than {MAX_NESTING} groups");
            return Err(Stop::OverBudget(OverBudget::new("depth", what)));
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// What is between the bracket here and its partner, read by `read`.
    fn inside<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outer = self.end;
        let (mut from, mut to) = (self.at + 1, self.partner()?);
        let after = to + 1;
        // Brackets around brackets add nothing, however many they are.
        while from < to && self.opens(from) && self.partners[from] == to - 1 {
            (from, to) = (from + 1, to - 1);
        }
        (self.at, self.end) = (from, to);
        let bars = std::mem::take(&mut self.bars);
        let value = self.deeper(read)?;
        if self.at < self.end {
            return Err(Stop::NotMathematics);
        }
        (self.at, self.end, self.bars) = (after, outer, bars);
        Ok(value)
    }

    fn opens(&self, at: usize) -> bool {
        matches!(self.tokens[at].kind, Kind::Mark(Mark::OpenRound | Mark::OpenBrace))
    }

    fn partner(&self) -> Read<usize> {
        let partner = self.partners[self.at];
        if partner > self.at && partner < self.end {
            Ok(partner)
        } else {
            Err(Stop::NotMathematics)
        }
    }
}
