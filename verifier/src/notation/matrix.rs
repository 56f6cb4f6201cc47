//! Matrices in all their environments, and determinants.

use super::Stop;
use super::source::{Part, Source};
use super::token::{Kind, Mark};
use crate::value::{Expr, Value};

/// How many rows a determinant may have.
const MAX_DETERMINANT: usize = 4;

impl Source<'_> {
    /// The part as a matrix, a number times a matrix, or a determinant, if it is one.
    pub(super) fn matrix(&self, part: &Part) -> Result<Option<Value>, Stop> {
        let Some(last) = part.end.checked_sub(1).filter(|last| *last > part.start) else {
            return Ok(None);
        };
        let start = self.partners[last];
        let matrix = matches!(self.tokens[last].kind, Kind::End(_));
        let enclosed = start < last && matches!(self.tokens[start + 1].kind, Kind::Begin(_));
        if start <= part.start || start >= last || !(matrix || enclosed) {
            return self.bare_matrix(part);
        }
        let mut factor = part.start..start;
        if self.mark(factor.end - 1) == Some(Mark::Times) {
            factor.end -= 1;
        }
        let factor = if factor.len() == 1 && self.mark(factor.start) == Some(Mark::Minus) {
            Expr::integer(-1)
        } else {
            self.expression(factor)?
        };
        match self.bare_matrix(&(start..part.end))? {
            Some(Value::Matrix(mut rows)) => {
                for cell in rows.iter_mut().flatten() {
                    *cell = factor.clone().times(cell.clone());
                }
                Ok(Some(Value::Matrix(rows)))
            }
            _ => Ok(None),
        }
    }

    /// The rows of `cases` as statements that hold together.
    fn system(&self, inner: Part) -> Result<Value, Stop> {
        if !self.places(inner.clone(), |kind| kind == Kind::Mark(Mark::Column)).is_empty() {
            return Err(Stop::Unsupported("a function by cases"));
        }
        let breaks = self.places(inner.clone(), |kind| kind == Kind::Mark(Mark::Row));
        let parts = self.between(inner, &breaks).into_iter().filter(|p| !p.is_empty());
        let values: Result<Vec<Value>, Stop> =
            parts.map(|p| self.deeper(|| self.list(p))).collect();
        Ok(Value::List(values?))
    }

    fn bare_matrix(&self, part: &Part) -> Result<Option<Value>, Stop> {
        let mut part = part.clone();
        let mut bars = false;
        // `\left[ \begin{array} … \end{array} \right]`
        while part.len() > 2 && !matches!(self.tokens[part.start].kind, Kind::Begin(_)) {
            match (self.mark(part.start), self.mark(part.end - 1)) {
                (Some(Mark::OpenRound | Mark::OpenSquare | Mark::OpenBrace), _)
                    if self.is_enclosed(&part) => {}
                (Some(Mark::Bar), Some(Mark::Bar)) => bars = true,
                _ => return Ok(None),
            }
            part = part.start + 1..part.end - 1;
        }
        let Some(Kind::Begin(name)) = self.tokens.get(part.start).map(|t| t.kind) else {
            return Ok(None);
        };
        if !self.is_enclosed(&part) {
            return Ok(None);
        }
        let mut inner = part.start + 1..part.end - 1;
        match name {
            "pmatrix" | "bmatrix" | "Bmatrix" | "matrix" | "smallmatrix" => {}
            "vmatrix" => bars = true,
            // `\begin{array}{cc}`: the alignment is no content.
            "array" if self.mark(inner.start) == Some(Mark::OpenBrace) => {
                inner.start = self.partners[inner.start] + 1;
            }
            "cases" => return self.system(inner).map(Some),
            _ => return Err(Stop::Unsupported("this environment")),
        }
        let rows = self.rows(inner)?;
        if !bars {
            return Ok(Some(Value::Matrix(rows)));
        }
        if rows.len() != rows[0].len() || rows.len() > MAX_DETERMINANT {
            return Err(Stop::Unsupported("a large determinant"));
        }
        Ok(Some(super::quantity::plain(determinant(&rows))))
    }

    fn rows(&self, inner: Part) -> Result<Vec<Vec<Expr>>, Stop> {
        let breaks = self.places(inner.clone(), |kind| kind == Kind::Mark(Mark::Row));
        let mut parts = self.between(inner, &breaks);
        if parts.last().is_some_and(Part::is_empty) {
            parts.pop();
        }
        let mut rows: Vec<Vec<Expr>> = Vec::with_capacity(parts.len());
        for part in parts {
            let columns = self.places(part.clone(), |kind| kind == Kind::Mark(Mark::Column));
            let row: Result<Vec<Expr>, Stop> =
                self.between(part, &columns).into_iter().map(|p| self.expression(p)).collect();
            let row = row?;
            if rows.first().is_some_and(|first| first.len() != row.len()) {
                return Err(Stop::NotMathematics);
            }
            rows.push(row);
        }
        if rows.is_empty() { Err(Stop::NotMathematics) } else { Ok(rows) }
    }
}

/// By the first row; at most [`MAX_DETERMINANT`] rows.
fn determinant(rows: &[Vec<Expr>]) -> Expr {
    if let [row] = rows {
        return row[0].clone();
    }
    let mut terms = Vec::new();
    for (column, factor) in rows[0].iter().enumerate() {
        let minor: Vec<Vec<Expr>> = rows[1..]
            .iter()
            .map(|row| {
                let kept = row.iter().enumerate().filter(|(at, _)| *at != column);
                kept.map(|(_, cell)| cell.clone()).collect()
            })
            .collect();
        let term = factor.clone().times(determinant(&minor));
        terms.push(if column % 2 == 0 { term } else { term.negated() });
    }
    Expr::Sum(terms)
}
