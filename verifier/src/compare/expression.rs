//! Whether two expressions are equal.

use num_rational::BigRational;
use num_traits::Zero;

use super::{Bench, Finding, Found};
use crate::algebra::{Names, NoForm, normal};
use crate::budget::{Budget, OverBudget};
use crate::interval::{Identity, same_function, same_number};
use crate::value::{Constant, Expr, Function};

/// The steps that a normal form may take before intervals are tried.
const FORM_STEPS: u64 = 400_000;

/// Whether two expressions are equal, and how that is known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Equality {
    /// Equal; says how that was shown.
    Equal(&'static str),
    /// Shown to differ.
    Different,
    /// Neither was shown; the finding says why.
    Open(Finding),
}

impl Bench<'_> {
    /// Compares two expressions as the answer and the known one.
    pub(super) fn expressions(&mut self, gold: &Expr, answer: &Expr) -> Found {
        Ok(match self.equality(gold, answer)? {
            Equality::Equal(how) => Finding::correct("equal", how),
            Equality::Different => Finding::wrong("different", "the answer has another value"),
            Equality::Open(finding) => finding,
        })
    }

    /// Whether two expressions are equal.
    pub(crate) fn equality(&mut self, a: &Expr, b: &Expr) -> Result<Equality, OverBudget> {
        self.budget.spend(5)?;
        if let (Expr::Number(a), Expr::Number(b)) = (a, b) {
            return Ok(exact(a == b));
        }
        if let Some(settled) = infinities(a, b) {
            return Ok(settled);
        }
        if a == b {
            return Ok(Equality::Equal("both are the same expression"));
        }
        if let Some(settled) = self.by_form(a, b) {
            return Ok(settled);
        }
        let mut names = a.variables();
        names.extend(b.variables());
        names.sort_unstable();
        names.dedup();
        let identity = if names.is_empty() {
            same_number(a, b, self.budget)
        } else {
            same_function(a, b, &names, self.budget)
        };
        Ok(match identity {
            Identity::Equal { how } => Equality::Equal(how.sentence()),
            Identity::Different => Equality::Different,
            Identity::SomewhereEqual(domain) => {
                Equality::Open(Finding::ambiguous("domain", domain.sentence()))
            }
            Identity::Unknown(why) => Equality::Open(Finding::unsupported(
                "undecided",
                format!("whether the two expressions are equal was not decided: {why}"),
            )),
            Identity::OverBudget(over) => return Err(over),
        })
    }

    fn by_form(&mut self, a: &Expr, b: &Expr) -> Option<Equality> {
        let mut names = Names::default();
        let mut budget = Budget::of(self.budget.left().min(FORM_STEPS));
        let before = budget.left();
        let settled = forms(a, b, &mut names, &mut budget);
        // What the attempt took is taken off, were it in vain or not.
        let taken = self.budget.spend(before - budget.left());
        taken.ok()?;
        settled
    }
}

fn forms(a: &Expr, b: &Expr, names: &mut Names, budget: &mut Budget) -> Option<Equality> {
    let a = normal(a, names, budget);
    let b = normal(b, names, budget);
    let (a, b) = match (a, b) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(NoForm::Undefined), _) | (_, Err(NoForm::Undefined)) => {
            return Some(Equality::Open(Finding::unsupported(
                "undefined",
                "one of the expressions divides by zero",
            )));
        }
        _ => return None,
    };
    if a.equals(&b, budget).ok()? {
        return Some(Equality::Equal("both have the same normal form"));
    }
    // Nobody knows whether π and e are independent; intervals tell their values apart.
    let open = [&a, &b].into_iter().any(|form| {
        form.above.has(|u| names.is_constant(u)) || form.below.has(|u| names.is_constant(u))
    });
    (!open).then_some(Equality::Different)
}

fn exact(equal: bool) -> Equality {
    if equal { Equality::Equal("both are the same number") } else { Equality::Different }
}

/// The sign of an infinity: true for the positive one.
pub(super) fn infinity(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Constant(Constant::Infinity) => Some(true),
        Expr::Product(factors) => match factors.as_slice() {
            [Expr::Number(sign), Expr::Constant(Constant::Infinity)] if !sign.is_zero() => {
                Some(*sign > BigRational::zero())
            }
            _ => None,
        },
        _ => None,
    }
}

fn infinities(a: &Expr, b: &Expr) -> Option<Equality> {
    match (infinity(a), infinity(b)) {
        (None, None) => None,
        (a, b) => Some(exact(a == b)),
    }
}

/// Whether a function without a known meaning is in an expression.
pub(super) fn has_unknown(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Constant(_) | Expr::Variable(_) => false,
        Expr::Sum(parts) | Expr::Product(parts) => parts.iter().any(has_unknown),
        Expr::Power(base, exponent) => has_unknown(base) || has_unknown(exponent),
        Expr::Call(Function::Unknown(_), _) => true,
        Expr::Call(_, parts) => parts.iter().any(has_unknown),
        Expr::Series(series) => {
            [&series.from, &series.to, &series.term].into_iter().any(has_unknown)
        }
    }
}
