//! Disjoint intervals in their order: their union, intersection and complement.

use std::cmp::Ordering;

use super::Bench;
use super::expression::infinity;
use crate::budget::OverBudget;
use crate::value::{Constant, Expr, Interval};

impl Bench<'_> {
    /// The union of pieces in any order; `None` when the order of two ends is not known.
    pub(super) fn merged(&mut self, mut pieces: Pieces) -> Result<Option<Pieces>, OverBudget> {
        // Insertion sort by the oracle, nearly sorted as unions are.
        for at in 1..pieces.len() {
            let mut place = at;
            while place > 0 {
                match self.order(&pieces[place].low, &pieces[place - 1].low)? {
                    None => return Ok(None),
                    Some(Ordering::Less) => pieces.swap(place, place - 1),
                    Some(Ordering::Equal)
                        if pieces[place].low_closed && !pieces[place - 1].low_closed =>
                    {
                        pieces.swap(place, place - 1);
                    }
                    Some(_) => break,
                }
                place -= 1;
            }
        }
        let mut merged: Pieces = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let Some(last) = merged.last_mut() else {
                merged.push(piece);
                continue;
            };
            let Some(gap) = self.order(&last.high, &piece.low)? else { return Ok(None) };
            let touches = match gap {
                Ordering::Greater => true,
                Ordering::Equal => last.high_closed || piece.low_closed,
                Ordering::Less => false,
            };
            if !touches {
                merged.push(piece);
                continue;
            }
            match self.order(&last.high, &piece.high)? {
                None => return Ok(None),
                Some(Ordering::Less) => {
                    (last.high, last.high_closed) = (piece.high, piece.high_closed);
                }
                Some(Ordering::Equal) => last.high_closed |= piece.high_closed,
                Some(Ordering::Greater) => {}
            }
        }
        Ok(Some(merged))
    }

    pub(super) fn intersection(
        &mut self,
        a: &[Interval],
        b: &[Interval],
    ) -> Result<Option<Pieces>, OverBudget> {
        let mut pieces = Vec::new();
        for left in a {
            for right in b {
                let (Some(lows), Some(highs)) =
                    (self.order(&left.low, &right.low)?, self.order(&left.high, &right.high)?)
                else {
                    return Ok(None);
                };
                let (low, low_closed) = match lows {
                    Ordering::Less => (&right.low, right.low_closed),
                    Ordering::Greater => (&left.low, left.low_closed),
                    Ordering::Equal => (&left.low, left.low_closed && right.low_closed),
                };
                let (high, high_closed) = match highs {
                    Ordering::Less => (&left.high, left.high_closed),
                    Ordering::Greater => (&right.high, right.high_closed),
                    Ordering::Equal => (&left.high, left.high_closed && right.high_closed),
                };
                let Some(order) = self.order(low, high)? else { return Ok(None) };
                let point = order == Ordering::Equal && low_closed && high_closed;
                if order == Ordering::Less || point {
                    let (low, high) = (low.clone(), high.clone());
                    pieces.push(Interval { low, high, low_closed, high_closed });
                }
            }
        }
        Ok(Some(pieces))
    }

    /// What is not in the pieces, which are in order.
    pub(super) fn complement(&mut self, pieces: &[Interval]) -> Result<Option<Pieces>, OverBudget> {
        let mut rest = Vec::new();
        let mut open = everything();
        for piece in pieces {
            let gap = Interval {
                high: piece.low.clone(),
                high_closed: !piece.low_closed && infinity(&piece.low).is_none(),
                ..open.clone()
            };
            match self.order(&gap.low, &gap.high)? {
                None => return Ok(None),
                Some(Ordering::Less) => rest.push(gap),
                Some(Ordering::Equal) if gap.low_closed && gap.high_closed => rest.push(gap),
                Some(_) => {}
            }
            open.low = piece.high.clone();
            open.low_closed = !piece.high_closed && infinity(&piece.high).is_none();
        }
        if infinity(&open.low) != Some(true) {
            rest.push(open);
        }
        Ok(Some(rest))
    }
}

/// Disjoint intervals in their order, points among them.
pub(super) type Pieces = Vec<Interval>;

pub(super) fn everything() -> Interval {
    Interval {
        low: Expr::Constant(Constant::Infinity).negated(),
        high: Expr::Constant(Constant::Infinity),
        low_closed: false,
        high_closed: false,
    }
}

pub(super) fn point(value: &Expr) -> Interval {
    Interval { low: value.clone(), high: value.clone(), low_closed: true, high_closed: true }
}
