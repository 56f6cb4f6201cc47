//! Which documents share a row: best-fit decreasing (H. Ding et al., "Fewer Truncations Improve
//! Language Modeling", ICML 2024).
//!
//! Documents of at most `context` tokens stay whole. A longer one of `n` tokens is cut into
//! `ceil(n / context)` pieces, the fewest that are possible: all of exactly `context` tokens but
//! one, which has the rest and is packed like a document of its own. From the longest piece to the
//! shortest, each goes into the fullest row that still has room for it, else into a new row. Then
//! the rows are shuffled, and the pieces of a document take its tokens in the order of the rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::order::order;

/// What keeps the shuffle of the rows apart from that of the documents.
const ROWS: u64 = 1;

/// Tokens of one document that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The document's number.
    pub document: u32,
    /// Its first token in the piece.
    pub start: u32,
    /// Tokens in the piece, at least 1.
    pub length: u32,
}

/// Pieces in rows.
#[derive(Debug)]
pub(super) struct Fit {
    pieces: Vec<Piece>,
    /// Where in `pieces` each row ends.
    ends: Vec<u32>,
}

impl Fit {
    /// Packs stretches of documents, at most one a document, into rows of `context` tokens. The
    /// result is a function of the arguments alone; among stretches of one length the order given
    /// decides who comes first. Takes O(n log n) and, at its end, 12 bytes a piece.
    pub fn new(stretches: &[Piece], context: usize, seed: u64, epoch: u64) -> Self {
        let mut pieces = cut(stretches, context as u32);
        // Stable, so that equals keep the epoch's order.
        pieces.sort_by_key(|piece| std::cmp::Reverse(piece.length));
        let (row_of, rows) = assign(&pieces, context as u32);
        // Rows arise from the fullest to the emptiest; training must not see them so.
        let place = order(rows, seed, epoch, ROWS);
        let mut ends = vec![0u32; rows];
        for row in &row_of {
            ends[place[*row as usize] as usize] += 1;
        }
        let mut end = 0;
        for row in &mut ends {
            end += *row;
            // For now where it begins; every piece that comes moves it on.
            *row = end - *row;
        }
        let mut sorted = vec![Piece { document: 0, start: 0, length: 0 }; pieces.len()];
        for (piece, row) in pieces.iter().zip(row_of) {
            let at = &mut ends[place[row as usize] as usize];
            sorted[*at as usize] = *piece;
            *at += 1;
        }
        number(&mut sorted, stretches);
        Self { pieces: sorted, ends }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The pieces of a row, together at most `context` tokens.
    pub fn row(&self, row: usize) -> &[Piece] {
        &self.pieces[self.begin(row)..self.ends[row] as usize]
    }

    /// Number of pieces in all rows.
    pub fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// What is left of the documents after the first `rows` rows: one stretch a document, since
    /// the pieces of a document are in order. `length` tells the tokens of a document.
    pub fn rest(&self, rows: usize, length: impl Fn(u32) -> u32) -> Vec<Piece> {
        let begin = self.begin(rows);
        let mut begun = HashSet::new();
        let mut rest = Vec::with_capacity(self.pieces.len() - begin);
        for &piece in &self.pieces[begin..] {
            let whole = length(piece.document) - piece.start;
            // Only a document that is cut comes more than once.
            if (piece.start > 0 || whole > piece.length) && !begun.insert(piece.document) {
                continue;
            }
            rest.push(Piece { length: whole, ..piece });
        }
        rest
    }

    fn begin(&self, row: usize) -> usize {
        row.checked_sub(1).map_or(0, |before| self.ends[before] as usize)
    }
}

/// Cuts stretches into pieces of at most `context` tokens; where each begins is not known yet.
fn cut(stretches: &[Piece], context: u32) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(stretches.len());
    for stretch in stretches {
        let mut left = stretch.length;
        while left > 0 {
            let length = left.min(context);
            pieces.push(Piece { length, ..*stretch });
            left -= length;
        }
    }
    pieces
}

/// The row of each piece, from the longest to the shortest, and the number of rows.
fn assign(pieces: &[Piece], context: u32) -> (Vec<u32>, usize) {
    // Rows with room, by the room that they have; the last one that came to it goes first.
    let mut open: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut rows = 0u32;
    let mut row_of = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let (row, room) = match open.range_mut(piece.length..).next() {
            Some((&room, having)) => {
                let row = having.pop().unwrap_or_default();
                if having.is_empty() {
                    open.remove(&room);
                }
                (row, room)
            }
            None => {
                rows += 1;
                (rows - 1, context)
            }
        };
        if room > piece.length {
            open.entry(room - piece.length).or_default().push(row);
        }
        row_of.push(row);
    }
    (row_of, rows as usize)
}

/// Gives the pieces of each cut document its tokens, in the order in which they come.
fn number(pieces: &mut [Piece], stretches: &[Piece]) {
    let longest = pieces.iter().map(|piece| piece.length).max().unwrap_or(0);
    let mut next: HashMap<u32, u32> = stretches
        .iter()
        .filter(|stretch| stretch.length > longest)
        .map(|stretch| (stretch.document, stretch.start))
        .collect();
    if next.is_empty() {
        return;
    }
    for piece in pieces {
        if let Some(start) = next.get_mut(&piece.document) {
            piece.start = *start;
            *start += piece.length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stretches(lengths: &[u32]) -> Vec<Piece> {
        (0..).zip(lengths).map(|(document, &length)| Piece { document, start: 0, length }).collect()
    }

    #[test]
    fn the_fullest_row_that_has_room_takes_the_piece() {
        // By hand: 10 fills a row; 7 and 6 open one each; 4 fits best with 6; 3 with 7; 1 alone.
        let fit = Fit::new(&stretches(&[3, 4, 1, 6, 7, 10]), 10, 1, 0);
        let mut rows: Vec<Vec<u32>> = (0..fit.rows())
            .map(|row| fit.row(row).iter().map(|piece| piece.length).collect())
            .collect();
        rows.sort();
        assert_eq!(rows, [vec![1], vec![6, 4], vec![7, 3], vec![10]]);
    }

    #[test]
    fn usual_lengths_leave_less_than_one_percent_empty() {
        // Lengths spread over three orders of magnitude, as those of solutions and papers are.
        let mut state = 9u64;
        let lengths: Vec<u32> = (0..20_000)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let unit = (state >> 40) as f64 / (1u64 << 24) as f64;
                (20.0 * 1000f64.powf(unit)) as u32
            })
            .collect();
        for context in [1024, 4096, 28_672] {
            let fit = Fit::new(&stretches(&lengths), context, 3, 0);
            let total: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
            let used = total as f64 / (fit.rows() * context) as f64;
            assert!(used > 0.99, "{used} at {context}");
        }
    }

    proptest! {
        #[test]
        fn every_token_in_one_place_and_in_order(
            lengths in proptest::collection::vec(1u32..60, 1..40),
            context in 1usize..50, seed in any::<u64>(), epoch in 0u64..3, taken in 0.0..1.0,
        ) {
            let all = stretches(&lengths);
            let fit = Fit::new(&all, context, seed, epoch);
            let mut next = vec![0; lengths.len()];
            let mut pieces = vec![0u32; lengths.len()];
            let mut read = |row: &[Piece]| {
                assert!(!row.is_empty());
                for piece in row {
                    let document = piece.document as usize;
                    assert_eq!(piece.start, next[document], "in order");
                    next[document] += piece.length;
                    pieces[document] += 1;
                }
                assert!(row.iter().map(|p| p.length as usize).sum::<usize>() <= context);
            };
            (0..fit.rows()).for_each(|row| read(fit.row(row)));
            prop_assert_eq!(&next, &lengths);
            for (count, length) in pieces.iter().zip(&lengths) {
                prop_assert_eq!(*count, length.div_ceil(context as u32), "no cut without need");
            }
            // Any two rows together are more than one row: at least half of all rows is used.
            let total: usize = lengths.iter().map(|&length| length as usize).sum();
            prop_assert!(2 * total > context * (fit.rows() - 1));
            // The rest after some rows, packed into another context, is what was missing.
            let taken = (taken * fit.rows() as f64) as usize;
            let rest = fit.rest(taken, |document| lengths[document as usize]);
            let other = Fit::new(&rest, context + 7, seed, epoch);
            let mut next = vec![0; lengths.len()];
            let rows = (0..taken).map(|row| fit.row(row));
            for piece in rows.chain((0..other.rows()).map(|row| other.row(row))).flatten() {
                let document = piece.document as usize;
                prop_assert_eq!(piece.start, next[document]);
                next[document] += piece.length;
            }
            prop_assert_eq!(&next, &lengths);
        }
    }
}
