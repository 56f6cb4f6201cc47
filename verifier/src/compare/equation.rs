//! Whether two equations, inequalities or congruences say the same.

use num_rational::BigRational;
use num_traits::Signed;

use super::expression::has_unknown;
use super::{Bench, Finding, Found};
use crate::algebra::{Names, normal};
use crate::budget::Budget;
use crate::value::{Expr, Function, Relation, Symbol};

impl Bench<'_> {
    /// Equations are the same when their differences of sides are equal up to a nonzero factor.
    pub(super) fn equations(&mut self, gold: &Relation, answer: &Relation) -> Found {
        let difference = |r: &Relation| r.terms[0].clone().minus(r.terms[1].clone());
        let (a, b) = (difference(gold), difference(answer));
        if has_unknown(&a) || has_unknown(&b) {
            let plain = self.expressions(&a, &b)?;
            return Ok(if plain.is_correct() {
                plain
            } else {
                Finding::unsupported("equation", "an equation with an unknown function")
            });
        }
        if let Some(same) = proportional(&a, &b, self.budget) {
            return Ok(if same {
                Finding::correct("equal", "the equations are equal up to a factor")
            } else {
                Finding::wrong("equation", "the equations differ by more than a factor")
            });
        }
        // With other functions in them: `a(x)·b(p) = b(x)·a(p)` at a point p where b is not zero.
        for point in [3, 5, 7] {
            let (at_a, at_b) = (at_point(&a, point), at_point(&b, point));
            if self.is_positive(&at_b).is_none() || self.is_positive(&at_a).is_none() {
                continue;
            }
            return self.expressions(&a.times(at_b), &b.times(at_a));
        }
        Ok(Finding::unsupported("equation", "whether the equations are the same was not decided"))
    }

    /// Chains of inequalities term by term, in one direction or the other.
    pub(super) fn inequalities(&mut self, gold: &Relation, answer: &Relation) -> Found {
        let flipped = |r: &Relation| Relation {
            terms: r.terms.iter().rev().cloned().collect(),
            symbols: r.symbols.iter().rev().map(|s| s.flipped()).collect(),
        };
        for answer in [answer.clone(), flipped(answer)] {
            if answer.symbols != gold.symbols {
                continue;
            }
            let mut same = true;
            for (a, b) in gold.terms.iter().zip(&answer.terms) {
                same &= self.expressions(a, b)?.is_correct();
            }
            if same {
                return Ok(Finding::correct("equal", "both are the same statement"));
            }
            if let ([symbol], [a, b], [c, d]) =
                (gold.symbols.as_slice(), gold.terms.as_slice(), answer.terms.as_slice())
            {
                let left = a.clone().minus(b.clone());
                let right = c.clone().minus(d.clone());
                let factor = factor(&left, &right, self.budget);
                let holds = factor.is_some_and(|positive| positive || *symbol == Symbol::NotEqual);
                if holds {
                    return Ok(Finding::correct("equal", "equal up to a positive factor"));
                }
            }
        }
        Ok(Finding::unsupported(
            "inequality",
            "whether the inequalities are the same was not decided",
        ))
    }

    /// The same residue by the same modulus.
    pub(super) fn congruences(&mut self, gold: &Relation, answer: &Relation) -> Found {
        if gold.symbols != answer.symbols {
            return Ok(Finding::wrong("kinds", "only one side is a congruence"));
        }
        let ([x, a, m], [y, b, n]) = (gold.terms.as_slice(), answer.terms.as_slice()) else {
            return Ok(Finding::unsupported("congruence", "not two simple congruences"));
        };
        let modulus = self.expressions(m, n)?;
        let element = self.expressions(x, y)?;
        if !(modulus.is_correct() && element.is_correct()) {
            return Ok(if modulus.is_correct() { element } else { modulus });
        }
        let rest = |e: &Expr| Expr::Call(Function::Mod, vec![e.clone(), m.clone()]);
        self.expressions(&rest(a), &rest(b))
    }
}

/// Whether the numerators of two expressions are equal up to a number other than zero.
fn proportional(a: &Expr, b: &Expr, budget: &mut Budget) -> Option<bool> {
    let mut names = Names::default();
    let a = normal(a, &mut names, budget).ok()?.above;
    let b = normal(b, &mut names, budget).ok()?.above;
    match (a.leading(), b.leading()) {
        (Some(x), Some(y)) => {
            let (x, y) = (x.clone(), y.clone());
            Some(a.scaled(&y) == b.scaled(&x))
        }
        (None, None) => Some(true),
        _ => Some(false),
    }
}

/// Whether `a = c·b` for a number c that is positive (`true`) or negative; `None` for neither.
fn factor(a: &Expr, b: &Expr, budget: &mut Budget) -> Option<bool> {
    let mut names = Names::default();
    let (a, b) = (normal(a, &mut names, budget).ok()?, normal(b, &mut names, budget).ok()?);
    // The sign of what stands below is not known.
    if !(a.below.is_one() && b.below.is_one()) {
        return None;
    }
    let (x, y) = (a.above.leading()?.clone(), b.above.leading()?.clone());
    let same = a.above.scaled(&y) == b.above.scaled(&x);
    same.then(|| (x / y).is_positive())
}

/// The expression with numbers for its variables, the same number for the same name.
fn at_point(expr: &Expr, point: u64) -> Expr {
    let value = |name: &str| {
        let mark: u64 = name.bytes().map(u64::from).sum();
        let value = BigRational::new((2 * point + mark % 97).into(), (2 + mark % 13).into());
        Some(Expr::Number(value))
    };
    expr.substituted(&value)
}
